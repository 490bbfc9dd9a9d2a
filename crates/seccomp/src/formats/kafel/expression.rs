//! Conditions on arguments.

use casemate_model::syscalls::{Arg, Operator, Test, Width};

use super::lexer::{Kind, Tokens};
use crate::formats::report::{Problem, ReadError};

/// An argument of a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Argument {
    pub(super) place: Arg,
    pub(super) width: Width,
}

/// What a name in a condition means.
pub(super) enum Meaning {
    /// A defined constant.
    Number(u64),
    /// An argument.
    Argument(Argument),
}

/// Tells what names mean.
pub(super) type Names<'n> = dyn Fn(&str, usize) -> Result<Meaning, ReadError> + 'n;

/// A condition as alternatives, in each of which all tests must hold.
pub(super) type Alternatives = Vec<Vec<Test>>;

// Those of one call become one list in which the first that holds decides.
const MOST_ALTERNATIVES: usize = 512;
const MOST_TESTS: usize = 64;
const DEEPEST: usize = 48;

enum Condition {
    Known(bool),
    Test(Test),
    Not(Box<Condition>),
    All(Vec<Condition>),
    Any(Vec<Condition>),
}

// `argument & mask | ones`, where mask and ones have no bit in common. Without an argument it is the number `ones`.
#[derive(Clone, Copy)]
struct Term {
    argument: Option<Argument>,
    mask: u64,
    ones: u64,
}

enum Expression {
    Condition(Condition),
    Term(Term),
}

/// Reads a condition up to what cannot belong to it.
pub(super) fn condition(
    tokens: &mut Tokens<'_>,
    names: &Names<'_>,
) -> Result<Alternatives, ReadError> {
    let at = tokens.at();
    let mut parser = Parser { tokens, names };
    let condition = parser.any(0)?;
    let condition = parser.condition(condition, at)?;
    alternatives(&condition, Sense::Holds).ok_or_else(|| {
        let problem = Problem::TooMany {
            what: "alternatives in a condition",
            most: MOST_ALTERNATIVES,
        };
        parser.tokens.source.error(at, problem)
    })
}

struct Parser<'p, 'a> {
    tokens: &'p mut Tokens<'a>,
    names: &'p Names<'p>,
}

impl Parser<'_, '_> {
    // A comma is an "or" that binds least.
    fn any(&mut self, depth: usize) -> Result<Expression, ReadError> {
        self.joined(depth, &[",", "||"])
    }

    // Alternatives of conjunctions, the signs in the order in which they bind, least first.
    fn joined(&mut self, depth: usize, signs: &[&str]) -> Result<Expression, ReadError> {
        let Some((sign, rest)) = signs.split_first() else {
            return self.all(depth);
        };
        let at = self.tokens.at();
        let first = self.joined(depth, rest)?;
        if !self.tokens.is(sign) {
            return Ok(first);
        }
        let mut parts = vec![self.condition(first, at)?];
        while self.tokens.take(sign) {
            let at = self.tokens.at();
            let part = self.joined(depth, rest)?;
            parts.push(self.condition(part, at)?);
        }
        Ok(Expression::Condition(Condition::Any(parts)))
    }

    fn all(&mut self, depth: usize) -> Result<Expression, ReadError> {
        let at = self.tokens.at();
        let first = self.primary(depth)?;
        if !self.tokens.is("&&") {
            return Ok(first);
        }
        let mut parts = vec![self.condition(first, at)?];
        while self.tokens.take("&&") {
            let at = self.tokens.at();
            let part = self.primary(depth)?;
            parts.push(self.condition(part, at)?);
        }
        Ok(Expression::Condition(Condition::All(parts)))
    }

    fn primary(&mut self, depth: usize) -> Result<Expression, ReadError> {
        let at = self.tokens.at();
        self.bounded(depth, at)?;
        if self.tokens.take("!") {
            let inner = self.primary(depth + 1)?;
            let inner = self.condition(inner, at)?;
            return Ok(Expression::Condition(Condition::Not(Box::new(inner))));
        }
        let left = self.bits(depth)?;
        let signs = ["==", "!=", "<", "<=", ">", ">="];
        let Some(sign) = signs.into_iter().find(|sign| self.tokens.is(sign)) else {
            return Ok(left);
        };
        let left = self.term(&left, at)?;
        self.tokens.take(sign);
        let at_right = self.tokens.at();
        let right = self.bits(depth)?;
        let right = self.term(&right, at_right)?;
        self.compare(at, left, sign, right)
            .map(Expression::Condition)
    }

    fn bits(&mut self, depth: usize) -> Result<Expression, ReadError> {
        let at = self.tokens.at();
        let first = self.ands(depth)?;
        if !self.tokens.is("|") {
            return Ok(first);
        }
        let mut term = self.term(&first, at)?;
        while self.tokens.take("|") {
            let at = self.tokens.at();
            let other = self.ands(depth)?;
            let other = self.term(&other, at)?;
            let (of, number) = self.one_argument(at, term, other)?;
            term = Term {
                argument: of.argument,
                mask: of.mask & !number,
                ones: of.ones | number,
            };
        }
        Ok(Expression::Term(term))
    }

    fn ands(&mut self, depth: usize) -> Result<Expression, ReadError> {
        let at = self.tokens.at();
        let first = self.operand(depth)?;
        if !self.tokens.is("&") {
            return Ok(first);
        }
        let mut term = self.term(&first, at)?;
        while self.tokens.take("&") {
            let at = self.tokens.at();
            let other = self.operand(depth)?;
            let other = self.term(&other, at)?;
            let (of, number) = self.one_argument(at, term, other)?;
            term = Term {
                argument: of.argument,
                mask: of.mask & number,
                ones: of.ones & number,
            };
        }
        Ok(Expression::Term(term))
    }

    // Of two operands the one with the argument, and the number that the other one is.
    fn one_argument(&self, at: usize, left: Term, right: Term) -> Result<(Term, u64), ReadError> {
        match (left.argument, right.argument) {
            (_, None) => Ok((left, right.ones)),
            (None, Some(_)) => Ok((right, left.ones)),
            (Some(_), Some(_)) => {
                let found = "another argument";
                Err(self.tokens.source.expected_not(at, "a number", found))
            }
        }
    }

    fn operand(&mut self, depth: usize) -> Result<Expression, ReadError> {
        let at = self.tokens.at();
        self.bounded(depth, at)?;
        if self.tokens.take("(") {
            let inside = self.any(depth + 1)?;
            self.tokens.need(")")?;
            return Ok(inside);
        }
        let number = |ones| {
            Expression::Term(Term {
                argument: None,
                mask: 0,
                ones,
            })
        };
        if self
            .tokens
            .peek()
            .is_some_and(|token| token.kind == Kind::Number)
        {
            return self.tokens.number().map(number);
        }
        let token = self.tokens.word("an argument or a number")?;
        Ok(match (self.names)(token.text, token.at)? {
            Meaning::Number(value) => number(value),
            Meaning::Argument(argument) => Expression::Term(Term {
                argument: Some(argument),
                mask: u64::MAX,
                ones: 0,
            }),
        })
    }

    fn bounded(&self, depth: usize, at: usize) -> Result<(), ReadError> {
        if depth <= DEEPEST {
            return Ok(());
        }
        let problem = Problem::TooMany {
            what: "levels of parentheses",
            most: DEEPEST,
        };
        Err(self.tokens.source.error(at, problem))
    }

    fn condition(&self, expression: Expression, at: usize) -> Result<Condition, ReadError> {
        match expression {
            Expression::Condition(condition) => Ok(condition),
            Expression::Term(_) => {
                let source = self.tokens.source;
                Err(source.expected_not(at, "a comparison", "a value"))
            }
        }
    }

    fn term(&self, expression: &Expression, at: usize) -> Result<Term, ReadError> {
        match expression {
            Expression::Term(term) => Ok(*term),
            Expression::Condition(_) => {
                let source = self.tokens.source;
                Err(source.expected_not(at, "a value", "a comparison"))
            }
        }
    }

    fn compare(
        &self,
        at: usize,
        left: Term,
        sign: &str,
        right: Term,
    ) -> Result<Condition, ReadError> {
        let (of, number) = self.one_argument(at, left, right)?;
        let turned = left.argument.is_none() && right.argument.is_some();
        let sign = match (turned, sign) {
            (true, "<") => ">",
            (true, "<=") => ">=",
            (true, ">") => "<",
            (true, ">=") => "<=",
            (_, sign) => sign,
        };
        let Some(argument) = of.argument else {
            return Ok(Condition::Known(match sign {
                "==" => of.ones == number,
                "!=" => of.ones != number,
                "<" => of.ones < number,
                "<=" => of.ones <= number,
                ">" => of.ones > number,
                _ => of.ones >= number,
            }));
        };
        let all = match argument.width {
            Width::Raw64 => u64::MAX,
            _ => u64::from(u32::MAX),
        };
        let (mask, ones) = (of.mask & all, of.ones);
        let test = |operator| {
            Condition::Test(Test {
                arg: argument.place,
                width: argument.width,
                operator,
            })
        };
        let whole = mask == all && ones == 0;
        let equal = match () {
            // The bits that no argument can change are not those of the number.
            () if number & !mask != ones => Condition::Known(false),
            () if whole => test(Operator::Equal(number)),
            () => test(Operator::Masked {
                mask,
                value: number & mask,
            }),
        };
        match sign {
            "==" => Ok(equal),
            "!=" => Ok(Condition::Not(Box::new(equal))),
            _ if !whole => Err(self.tokens.source.expected_not(
                at,
                "== or != after a mask",
                format!("{sign:?}"),
            )),
            "<" if number > all => Ok(Condition::Known(true)),
            "<=" if number >= all => Ok(Condition::Known(true)),
            ">" | ">=" if number > all => Ok(Condition::Known(false)),
            "<" => Ok(test(Operator::Less(number))),
            "<=" => Ok(test(Operator::AtMost(number))),
            ">" => Ok(test(Operator::Greater(number))),
            _ => Ok(test(Operator::AtLeast(number))),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sense {
    Holds,
    Fails,
}

impl Sense {
    const fn other(self) -> Self {
        match self {
            Self::Holds => Self::Fails,
            Self::Fails => Self::Holds,
        }
    }
}

// `None` if there are too many.
fn alternatives(condition: &Condition, sense: Sense) -> Option<Alternatives> {
    let all = vec![Vec::new()];
    match (condition, sense) {
        (Condition::Known(known), _) => Some(if *known == (sense == Sense::Holds) {
            all
        } else {
            Vec::new()
        }),
        (Condition::Test(test), Sense::Holds) => Some(vec![vec![test.clone()]]),
        (Condition::Test(test), Sense::Fails) => Some(vec![vec![Test {
            operator: opposite(&test.operator),
            ..test.clone()
        }]]),
        (Condition::Not(inner), _) => alternatives(inner, sense.other()),
        (Condition::Any(parts), Sense::Holds) | (Condition::All(parts), Sense::Fails) => {
            let mut any = Vec::new();
            for part in parts {
                any.extend(alternatives(part, sense)?);
                if any.len() > MOST_ALTERNATIVES {
                    return None;
                }
            }
            Some(any)
        }
        (Condition::All(parts), Sense::Holds) | (Condition::Any(parts), Sense::Fails) => {
            let mut product = all;
            for part in parts {
                let part = alternatives(part, sense)?;
                // What always holds would only have everything copied.
                if part.as_slice() == [Vec::new()] {
                    continue;
                }
                if product.len() * part.len() > MOST_ALTERNATIVES {
                    return None;
                }
                product = product
                    .iter()
                    .flat_map(|left| part.iter().map(move |right| [&left[..], right].concat()))
                    .collect();
                if product.iter().any(|tests| tests.len() > MOST_TESTS) {
                    return None;
                }
            }
            Some(product)
        }
    }
}

fn opposite(operator: &Operator) -> Operator {
    match operator.clone() {
        Operator::Equal(k) => Operator::NotEqual(k),
        Operator::NotEqual(k) => Operator::Equal(k),
        Operator::Less(k) => Operator::AtLeast(k),
        Operator::AtMost(k) => Operator::Greater(k),
        Operator::Greater(k) => Operator::AtMost(k),
        Operator::AtLeast(k) => Operator::Less(k),
        Operator::Masked { mask, value } => Operator::NotMasked { mask, value },
        Operator::NotMasked { mask, value } => Operator::Masked { mask, value },
        Operator::In(ranges) => Operator::NotIn(ranges),
        Operator::NotIn(ranges) => Operator::In(ranges),
    }
}
