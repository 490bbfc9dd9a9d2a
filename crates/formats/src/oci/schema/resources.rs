//! Limits of the cgroup.

use crate::oci::decode::object;
use std::collections::BTreeMap;

object! {
    /// Limits of the cgroup.
    #[derive(Default)]
    pub struct Resources {
        /// Which devices can be used, in order.
        devices: Vec<DeviceCgroup> = "devices" optional;
        /// Memory.
        memory: Option<Memory> = "memory" optional;
        /// Processors.
        cpu: Option<Cpu> = "cpu" optional;
        /// Processes and threads.
        pids: Option<Pids> = "pids" optional;
        /// Block devices.
        block_io: Option<BlockIo> = "blockIO" optional;
        /// Huge pages.
        hugepage_limits: Vec<HugepageLimit> = "hugepageLimits" optional;
        /// Network classes and priorities.
        network: Option<Network> = "network" optional;
        /// RDMA, by device.
        rdma: BTreeMap<String, Rdma> = "rdma" optional;
        /// Files of the second version of cgroups with what is written to them.
        unified: BTreeMap<String, String> = "unified" optional;
    }

    /// Which devices can be used.
    #[derive(Default)]
    pub struct DeviceCgroup {
        /// Whether they can.
        allow: bool = "allow" required;
        /// `a`, `b` or `c`; all when empty.
        kind: String = "type" optional;
        /// Major number; all when absent.
        major: Option<i64> = "major" optional;
        /// Minor number; all when absent.
        minor: Option<i64> = "minor" optional;
        /// Of `r`, `w` and `m`; all when empty.
        access: String = "access" optional;
    }

    /// Memory, in bytes; -1 is unlimited.
    #[derive(Default)]
    pub struct Memory {
        /// The limit.
        limit: Option<i64> = "limit" optional;
        /// The limit when memory is short.
        reservation: Option<i64> = "reservation" optional;
        /// The limit of memory and swap together.
        swap: Option<i64> = "swap" optional;
        /// The limit of the kernel's memory.
        kernel: Option<i64> = "kernel" optional;
        /// The limit of the kernel's TCP buffers.
        kernel_tcp: Option<i64> = "kernelTCP" optional;
        /// How soon memory is swapped, to 100.
        swappiness: Option<u64> = "swappiness" optional;
        /// Whether the out-of-memory killer is off.
        disable_oom_killer: Option<bool> = "disableOOMKiller" optional;
        /// Whether children count.
        use_hierarchy: Option<bool> = "useHierarchy" optional;
        /// Whether a limit below what is used is refused.
        check_before_update: Option<bool> = "checkBeforeUpdate" optional;
    }

    /// Processors.
    #[derive(Default)]
    pub struct Cpu {
        /// The share, 1024 being the ordinary one.
        shares: Option<u64> = "shares" optional;
        /// Microseconds in a period; unlimited when not positive.
        quota: Option<i64> = "quota" optional;
        /// Microseconds that can be saved up.
        burst: Option<u64> = "burst" optional;
        /// Microseconds of a period.
        period: Option<u64> = "period" optional;
        /// Microseconds of real-time scheduling in a period.
        realtime_runtime: Option<i64> = "realtimeRuntime" optional;
        /// Microseconds of the period of real-time scheduling.
        realtime_period: Option<u64> = "realtimePeriod" optional;
        /// Which processors, such as `0-3,7`.
        cpus: String = "cpus" optional;
        /// Which memory nodes.
        mems: String = "mems" optional;
        /// 1 runs it when nothing else does.
        idle: Option<i64> = "idle" optional;
    }

    /// Processes and threads.
    #[derive(Default)]
    pub struct Pids {
        /// How many; -1 is unlimited.
        limit: Option<i64> = "limit" optional;
    }

    /// Block devices.
    #[derive(Default)]
    pub struct BlockIo {
        /// The weight.
        weight: Option<u16> = "weight" optional;
        /// The weight against children.
        leaf_weight: Option<u16> = "leafWeight" optional;
        /// Weights by device.
        weight_device: Vec<WeightDevice> = "weightDevice" optional;
        /// Bytes read a second.
        throttle_read_bps_device: Vec<ThrottleDevice> = "throttleReadBpsDevice" optional;
        /// Bytes written a second.
        throttle_write_bps_device: Vec<ThrottleDevice> = "throttleWriteBpsDevice" optional;
        /// Reads a second.
        throttle_read_iops_device: Vec<ThrottleDevice> = "throttleReadIOPSDevice" optional;
        /// Writes a second.
        throttle_write_iops_device: Vec<ThrottleDevice> = "throttleWriteIOPSDevice" optional;
    }

    /// A device's weight.
    #[derive(Default)]
    pub struct WeightDevice {
        /// Major number.
        major: i64 = "major" required;
        /// Minor number.
        minor: i64 = "minor" required;
        /// The weight.
        weight: Option<u16> = "weight" optional;
        /// The weight against children.
        leaf_weight: Option<u16> = "leafWeight" optional;
    }

    /// A device's rate.
    #[derive(Default)]
    pub struct ThrottleDevice {
        /// Major number.
        major: i64 = "major" required;
        /// Minor number.
        minor: i64 = "minor" required;
        /// How much a second.
        rate: u64 = "rate" required;
    }

    /// Huge pages of a size.
    #[derive(Default)]
    pub struct HugepageLimit {
        /// The size, such as `2MB`.
        page_size: String = "pageSize" required;
        /// Bytes.
        limit: u64 = "limit" required;
    }

    /// Network classes and priorities.
    #[derive(Default)]
    pub struct Network {
        /// The class.
        class_id: Option<u32> = "classID" optional;
        /// Priorities by interface.
        priorities: Vec<InterfacePriority> = "priorities" optional;
    }

    /// An interface's priority.
    #[derive(Default)]
    pub struct InterfacePriority {
        /// The interface.
        name: String = "name" required;
        /// The priority.
        priority: u32 = "priority" required;
    }

    /// RDMA of a device.
    #[derive(Default, Copy)]
    pub struct Rdma {
        /// How many handles.
        hca_handles: Option<u32> = "hcaHandles" optional;
        /// How many objects.
        hca_objects: Option<u32> = "hcaObjects" optional;
    }
}
