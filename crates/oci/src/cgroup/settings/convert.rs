//! Values of the first version in terms of the second.

/// The weight of the second version for shares of the first; none for 0, which means "not set".
///
/// Shares are 2 to 262144 with 1024 as the ordinary value, weights 1 to 10000 with 100. The curve goes through all three:
/// `10 ^ ((l² + 125 l) / 612 - 7/34)` with `l = log2(shares)`, rounded up; it is that of crun 1.23 and of
/// opencontainers/cgroups 0.0.2 (`ConvertCPUSharesToCgroupV2Value`), on which Kubernetes and runc rest.
pub fn shares_to_weight(shares: u64) -> Option<u64> {
    match shares {
        0 => None,
        1..=2 => Some(1),
        262_144.. => Some(10_000),
        // Below 2 to the 18th it is exact.
        _ => {
            let l = f64::from(shares as u32).log2();
            let exponent = (l * l + 125.0 * l) / 612.0 - 7.0 / 34.0;
            Some(10f64.powf(exponent).ceil() as u64)
        }
    }
}

/// The value of `io.weight` (1 to 10000) for one of blkio (10 to 1000): `1 + (w - 10) * 9999 / 990`, as
/// `ConvertBlkIOToIOWeightValue` of opencontainers/cgroups and crun have it.
pub fn io_weight(weight: u16) -> u64 {
    1 + u64::from(weight.saturating_sub(10)) * 9999 / 990
}

/// A limit in bytes as the second version takes it.
pub fn bytes(limit: i64) -> String {
    if limit < 0 {
        "max".to_owned()
    } else {
        limit.to_string()
    }
}
