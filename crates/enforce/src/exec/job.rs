//! The plan as the launcher reads it.

use crate::step::{Cursor, Decode, MAGIC, Record, Stage, VERSION};

/// A plan.
#[derive(Clone, Debug)]
pub(crate) struct Job<'a> {
    /// 1: a reporter listens; 2: it also supervises refused system calls.
    pub(crate) reporter: u8,
    /// Which standard streams become an own terminal, by bit.
    pub(crate) terminal_streams: u8,
    /// Milliseconds until the program is ended; 0 for never.
    pub(crate) deadline: u64,
    stages: [&'a [u8]; 3],
}

impl<'a> Job<'a> {
    /// Reads a plan and all its records once, so that no later step can meet one that it cannot read.
    pub(crate) fn decode(bytes: &'a [u8]) -> Option<Self> {
        let mut from = Cursor::new(bytes);
        if from.take(MAGIC.len())? != MAGIC || u32::decode(&mut from)? != VERSION {
            return None;
        }
        let reporter = u8::decode(&mut from)?;
        let terminal_streams = u8::decode(&mut from)?;
        let deadline = u64::decode(&mut from)?;
        let mut stages: [&[u8]; 3] = [&[]; 3];
        for stage in &mut stages {
            *stage = <&[u8]>::decode(&mut from)?;
        }
        let job = Self {
            reporter,
            terminal_streams,
            deadline,
            stages,
        };
        let readable = |stage: &&[u8]| {
            let mut from = Cursor::new(stage);
            while !from.is_empty() {
                if Record::decode(&mut from).is_none() {
                    return false;
                }
            }
            true
        };
        (from.is_empty() && job.stages.iter().all(readable)).then_some(job)
    }

    /// Returns the records of a stage with their indexes.
    pub(crate) fn records(
        &self,
        stage: Stage,
    ) -> impl Iterator<Item = (u16, Record<'a>)> + use<'a> {
        let mut from = Cursor::new(match stage {
            Stage::Outside => self.stages[0],
            Stage::Inside => self.stages[1],
            Stage::Payload => self.stages[2],
        });
        (0u16..).map_while(move |index| Some((index, Record::decode(&mut from)?)))
    }

    /// Returns one record.
    pub(crate) fn record(&self, stage: Stage, index: u16) -> Option<Record<'a>> {
        self.records(stage)
            .nth(usize::from(index))
            .map(|(_, record)| record)
    }
}
