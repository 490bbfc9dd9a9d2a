//! The settings that systemd knows, by section, as of 252 (`systemd --dump-configuration-items`) and 257.

/// A section, and what it may have in common with others.
pub(super) struct Section {
    /// Its name.
    pub(super) name: &'static str,
    own: &'static [&'static str],
    shared: &'static [&'static [&'static str]],
}

/// The sections of unit files.
#[rustfmt::skip]
pub(super) static SECTIONS: [Section; 11] = [
    Section { name: "Unit", own: &UNIT, shared: &[] },
    Section { name: "Install", own: &INSTALL, shared: &[] },
    Section { name: "Service", own: &SERVICE, shared: &[&EXEC, &CGROUP, &KILL] },
    Section { name: "Socket", own: &SOCKET, shared: &[&EXEC, &CGROUP, &KILL] },
    Section { name: "Mount", own: &MOUNT, shared: &[&EXEC, &CGROUP, &KILL] },
    Section { name: "Swap", own: &SWAP, shared: &[&EXEC, &CGROUP, &KILL] },
    Section { name: "Scope", own: &SCOPE, shared: &[&CGROUP, &KILL] },
    Section { name: "Slice", own: &[], shared: &[&CGROUP] },
    Section { name: "Timer", own: &TIMER, shared: &[] },
    Section { name: "Path", own: &PATH, shared: &[] },
    Section { name: "Automount", own: &AUTOMOUNT, shared: &[] },
];

impl Section {
    /// Finds a section.
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        SECTIONS.iter().find(|section| section.name == name)
    }

    /// The name of a setting as the table has it, or nothing if the section has no such setting.
    pub(super) fn key(&self, name: &str) -> Option<&'static str> {
        let own = self.own.iter().copied().find(|key| *key == name);
        own.or_else(|| self.keys().find(|key| *key == name))
    }

    /// All settings of the section.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'static str> {
        let shared = self.shared.iter().flat_map(|keys| keys.iter());
        self.own.iter().chain(shared).copied()
    }
}

/// Older names of settings, which are read as the newer ones.
#[rustfmt::skip]
pub(super) static RENAMED: [(&str, &str); 7] = [
    ("ReadWriteDirectories", "ReadWritePaths"),
    ("ReadOnlyDirectories", "ReadOnlyPaths"),
    ("InaccessibleDirectories", "InaccessiblePaths"),
    ("BlockIOReadBandwidth", "IOReadBandwidthMax"),
    ("BlockIOWriteBandwidth", "IOWriteBandwidthMax"),
    ("MemoryLimit", "MemoryMax"),
    ("BindTo", "BindsTo"),
];

/// Settings that came after 252, and the version that they came with.
#[rustfmt::skip]
pub(super) static SINCE: [(&str, u16); 34] = [
    ("BindLogSockets", 257),
    ("CoredumpReceive", 255),
    ("DefaultStartupMemoryLow", 253),
    ("DelegateSubgroup", 254),
    ("ExtensionImagePolicy", 254),
    ("FileDescriptorStorePreserve", 254),
    ("ImportCredential", 254),
    ("LogFilterPatterns", 253),
    ("ManagedOOMMemoryPressureDurationSec", 257),
    ("MemoryKSM", 254),
    ("MemoryPressureThresholdSec", 254),
    ("MemoryPressureWatch", 254),
    ("MemoryZSwapMax", 253),
    ("MemoryZSwapWriteback", 256),
    ("MountImagePolicy", 254),
    ("NFTSet", 255),
    ("OpenFile", 253),
    ("PassFileDescriptorsToExec", 256),
    ("PollLimitBurst", 255),
    ("PollLimitIntervalSec", 255),
    ("PrivatePIDs", 257),
    ("ReloadSignal", 253),
    ("RestartMaxDelaySec", 254),
    ("RestartMode", 254),
    ("RestartSteps", 254),
    ("RootEphemeral", 254),
    ("RootImagePolicy", 254),
    ("SetLoginEnvironment", 255),
    ("StartupMemoryHigh", 253),
    ("StartupMemoryLow", 253),
    ("StartupMemoryMax", 253),
    ("StartupMemorySwapMax", 253),
    ("StartupMemoryZSwapMax", 253),
    ("SurviveFinalKillSignal", 255),
];

/// Settings that the reader takes into the confinement.
#[rustfmt::skip]
pub(super) static CONFINING: [&str; 107] = [
    "AllowedCPUs", "AllowedMemoryNodes", "AmbientCapabilities", "AppArmorProfile", "BindPaths", "BindReadOnlyPaths",
    "CPUAffinity", "CPUQuota", "CPUShares", "CPUWeight", "CacheDirectory", "CapabilityBoundingSet",
    "ConfigurationDirectory", "Delegate", "DeviceAllow", "DevicePolicy", "DynamicUser", "Environment",
    "EnvironmentFile", "ExecPaths", "ExecStart", "Group", "IOReadBandwidthMax", "IOReadIOPSMax",
    "IOWriteBandwidthMax", "IOWriteIOPSMax", "IPAddressAllow", "IPAddressDeny", "IPCNamespacePath",
    "IPEgressFilterPath", "IPIngressFilterPath", "InaccessiblePaths", "KeyringMode", "LimitAS", "LimitCORE",
    "LimitCPU", "LimitDATA", "LimitFSIZE", "LimitLOCKS", "LimitMEMLOCK", "LimitMSGQUEUE", "LimitNICE",
    "LimitNOFILE", "LimitNPROC", "LimitRSS", "LimitRTPRIO", "LimitRTTIME", "LimitSIGPENDING", "LimitSTACK",
    "LockPersonality", "LogsDirectory", "MemoryDenyWriteExecute", "MemoryMax", "MemorySwapMax", "MountAPIVFS",
    "NetworkNamespacePath", "NoExecPaths", "NoNewPrivileges", "OOMScoreAdjust", "PassEnvironment", "PrivateDevices",
    "PrivateIPC", "PrivateMounts", "PrivateNetwork", "PrivatePIDs", "PrivateTmp", "PrivateUsers", "ProcSubset",
    "ProtectClock", "ProtectControlGroups", "ProtectHome", "ProtectHostname", "ProtectKernelLogs",
    "ProtectKernelModules", "ProtectKernelTunables", "ProtectProc", "ProtectSystem", "ReadOnlyPaths",
    "ReadWritePaths", "RemoveIPC", "RestrictAddressFamilies", "RestrictNamespaces", "RestrictRealtime",
    "RestrictSUIDSGID", "RootDirectory", "RootEphemeral", "RootImage", "RuntimeDirectory", "RuntimeMaxSec",
    "SELinuxContext", "SecureBits", "SmackProcessLabel", "SocketBindAllow", "SocketBindDeny", "StandardInput",
    "StateDirectory", "SupplementaryGroups", "SystemCallArchitectures", "SystemCallErrorNumber", "SystemCallFilter",
    "SystemCallLog", "TTYPath", "TasksMax", "TemporaryFileSystem", "UnsetEnvironment", "User", "WorkingDirectory",
];

#[rustfmt::skip]
static UNIT: [&str; 114] = [
    "After", "AllowIsolate", "AssertACPower", "AssertArchitecture", "AssertCPUFeature", "AssertCPUPressure",
    "AssertCPUs", "AssertCapability", "AssertControlGroupController", "AssertCredential", "AssertDirectoryNotEmpty",
    "AssertEnvironment", "AssertFileIsExecutable", "AssertFileNotEmpty", "AssertFirstBoot", "AssertGroup",
    "AssertHost", "AssertIOPressure", "AssertKernelCommandLine", "AssertKernelVersion", "AssertMemory",
    "AssertMemoryPressure", "AssertNeedsUpdate", "AssertOSRelease", "AssertPathExists", "AssertPathExistsGlob",
    "AssertPathIsDirectory", "AssertPathIsEncrypted", "AssertPathIsMountPoint", "AssertPathIsReadWrite",
    "AssertPathIsSymbolicLink", "AssertSecurity", "AssertUser", "AssertVirtualization", "Before", "BindTo",
    "BindsTo", "CollectMode", "ConditionACPower", "ConditionArchitecture", "ConditionCPUFeature",
    "ConditionCPUPressure", "ConditionCPUs", "ConditionCapability", "ConditionControlGroupController",
    "ConditionCredential", "ConditionDirectoryNotEmpty", "ConditionEnvironment", "ConditionFileIsExecutable",
    "ConditionFileNotEmpty", "ConditionFirmware", "ConditionFirstBoot", "ConditionGroup", "ConditionHost",
    "ConditionIOPressure", "ConditionKernelCommandLine", "ConditionKernelVersion", "ConditionMemory",
    "ConditionMemoryPressure", "ConditionNeedsUpdate", "ConditionOSRelease", "ConditionPathExists",
    "ConditionPathExistsGlob", "ConditionPathIsDirectory", "ConditionPathIsEncrypted", "ConditionPathIsMountPoint",
    "ConditionPathIsReadWrite", "ConditionPathIsSymbolicLink", "ConditionSecurity", "ConditionUser",
    "ConditionVirtualization", "Conflicts", "DefaultDependencies", "Description", "Documentation", "FailureAction",
    "FailureActionExitStatus", "IgnoreOnIsolate", "JobRunningTimeoutSec", "JobTimeoutAction",
    "JobTimeoutRebootArgument", "JobTimeoutSec", "JoinsNamespaceOf", "OnFailure", "OnFailureIsolate",
    "OnFailureJobMode", "OnSuccess", "OnSuccessJobMode", "PartOf", "PropagateReloadFrom", "PropagateReloadTo",
    "PropagatesReloadTo", "PropagatesStopTo", "RebootArgument", "RefuseManualStart", "RefuseManualStop",
    "ReloadPropagatedFrom", "Requires", "RequiresMountsFor", "RequiresOverridable", "Requisite",
    "RequisiteOverridable", "SourcePath", "StartLimitAction", "StartLimitBurst", "StartLimitInterval",
    "StartLimitIntervalSec", "StopPropagatedFrom", "StopWhenUnneeded", "SuccessAction", "SuccessActionExitStatus",
    "SurviveFinalKillSignal", "Upholds", "Wants",
];

#[rustfmt::skip]
static INSTALL: [&str; 5] = [
    "Alias", "Also", "DefaultInstance", "RequiredBy", "WantedBy",
];

#[rustfmt::skip]
static SERVICE: [&str; 46] = [
    "BusName", "ExecCondition", "ExecReload", "ExecStart", "ExecStartPost", "ExecStartPre", "ExecStop",
    "ExecStopPost", "ExitType", "FailureAction", "FileDescriptorStoreMax", "FileDescriptorStorePreserve",
    "GuessMainPID", "NonBlocking", "NotifyAccess", "OOMPolicy", "OpenFile", "PIDFile", "PermissionsStartOnly",
    "RebootArgument", "ReloadSignal", "RemainAfterExit", "Restart", "RestartForceExitStatus", "RestartMaxDelaySec",
    "RestartMode", "RestartPreventExitStatus", "RestartSec", "RestartSteps", "RootDirectoryStartOnly",
    "RuntimeMaxSec", "RuntimeRandomizedExtraSec", "Sockets", "StartLimitAction", "StartLimitBurst",
    "StartLimitInterval", "SuccessExitStatus", "TimeoutAbortSec", "TimeoutStartFailureMode", "TimeoutStartSec",
    "TimeoutStopFailureMode", "TimeoutStopSec", "Type", "USBFunctionDescriptors", "USBFunctionStrings",
    "WatchdogSec",
];

#[rustfmt::skip]
static SOCKET: [&str; 62] = [
    "Accept", "Backlog", "BindIPv6Only", "BindToDevice", "Broadcast", "DeferAcceptSec", "DirectoryMode",
    "ExecStartPost", "ExecStartPre", "ExecStopPost", "ExecStopPre", "FileDescriptorName", "FlushPending",
    "FreeBind", "IPTOS", "IPTTL", "KeepAlive", "KeepAliveIntervalSec", "KeepAliveProbes", "KeepAliveTimeSec",
    "ListenDatagram", "ListenFIFO", "ListenMessageQueue", "ListenNetlink", "ListenSequentialPacket",
    "ListenSpecial", "ListenStream", "ListenUSBFunction", "Mark", "MaxConnections", "MaxConnectionsPerSource",
    "MessageQueueMaxMessages", "MessageQueueMessageSize", "NoDelay", "PassCredentials", "PassFileDescriptorsToExec",
    "PassPacketInfo", "PassSecurity", "PipeSize", "PollLimitBurst", "PollLimitIntervalSec", "Priority",
    "ReceiveBuffer", "RemoveOnStop", "ReusePort", "SELinuxContextFromNet", "SendBuffer", "Service", "SmackLabel",
    "SmackLabelIPIn", "SmackLabelIPOut", "SocketGroup", "SocketMode", "SocketProtocol", "SocketUser", "Symlinks",
    "TCPCongestion", "Timestamping", "Transparent", "TriggerLimitBurst", "TriggerLimitIntervalSec", "Writable",
];

#[rustfmt::skip]
static MOUNT: [&str; 9] = [
    "DirectoryMode", "ForceUnmount", "LazyUnmount", "Options", "ReadWriteOnly", "SloppyOptions", "Type", "What",
    "Where",
];

#[rustfmt::skip]
static SWAP: [&str; 3] = [
    "Options", "Priority", "What",
];

#[rustfmt::skip]
static SCOPE: [&str; 4] = [
    "OOMPolicy", "RuntimeMaxSec", "RuntimeRandomizedExtraSec", "TimeoutStopSec",
];

#[rustfmt::skip]
static TIMER: [&str; 15] = [
    "AccuracySec", "FixedRandomDelay", "OnActiveSec", "OnBootSec", "OnCalendar", "OnClockChange", "OnStartupSec",
    "OnTimezoneChange", "OnUnitActiveSec", "OnUnitInactiveSec", "Persistent", "RandomizedDelaySec",
    "RemainAfterElapse", "Unit", "WakeSystem",
];

#[rustfmt::skip]
static PATH: [&str; 10] = [
    "DirectoryMode", "DirectoryNotEmpty", "MakeDirectory", "PathChanged", "PathExists", "PathExistsGlob",
    "PathModified", "TriggerLimitBurst", "TriggerLimitIntervalSec", "Unit",
];

#[rustfmt::skip]
static AUTOMOUNT: [&str; 4] = [
    "DirectoryMode", "ExtraOptions", "TimeoutIdleSec", "Where",
];

#[rustfmt::skip]
static EXEC: [&str; 151] = [
    "AmbientCapabilities", "AppArmorProfile", "BindLogSockets", "BindPaths", "BindReadOnlyPaths", "CPUAffinity",
    "CPUSchedulingPolicy", "CPUSchedulingPriority", "CPUSchedulingResetOnFork", "CacheDirectory",
    "CacheDirectoryMode", "CapabilityBoundingSet", "ConfigurationDirectory", "ConfigurationDirectoryMode",
    "CoredumpFilter", "DynamicUser", "Environment", "EnvironmentFile", "ExecPaths", "ExecSearchPath",
    "ExtensionDirectories", "ExtensionImagePolicy", "ExtensionImages", "Group", "IOSchedulingClass",
    "IOSchedulingPriority", "IPCNamespacePath", "IgnoreSIGPIPE", "ImportCredential", "InaccessibleDirectories",
    "InaccessiblePaths", "KeyringMode", "LimitAS", "LimitCORE", "LimitCPU", "LimitDATA", "LimitFSIZE", "LimitLOCKS",
    "LimitMEMLOCK", "LimitMSGQUEUE", "LimitNICE", "LimitNOFILE", "LimitNPROC", "LimitRSS", "LimitRTPRIO",
    "LimitRTTIME", "LimitSIGPENDING", "LimitSTACK", "LoadCredential", "LoadCredentialEncrypted", "LockPersonality",
    "LogExtraFields", "LogFilterPatterns", "LogLevelMax", "LogNamespace", "LogRateLimitBurst",
    "LogRateLimitIntervalSec", "LogsDirectory", "LogsDirectoryMode", "MemoryDenyWriteExecute", "MemoryKSM",
    "MountAPIVFS", "MountFlags", "MountImagePolicy", "MountImages", "NUMAMask", "NUMAPolicy",
    "NetworkNamespacePath", "Nice", "NoExecPaths", "NoNewPrivileges", "OOMScoreAdjust", "PAMName",
    "PassEnvironment", "Personality", "PrivateDevices", "PrivateIPC", "PrivateMounts", "PrivateNetwork",
    "PrivatePIDs", "PrivateTmp", "PrivateUsers", "ProcSubset", "ProtectClock", "ProtectControlGroups",
    "ProtectHome", "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules", "ProtectKernelTunables",
    "ProtectProc", "ProtectSystem", "ReadOnlyDirectories", "ReadOnlyPaths", "ReadWriteDirectories",
    "ReadWritePaths", "RemoveIPC", "RestrictAddressFamilies", "RestrictFileSystems", "RestrictNamespaces",
    "RestrictRealtime", "RestrictSUIDSGID", "RootDirectory", "RootEphemeral", "RootHash", "RootHashSignature",
    "RootImage", "RootImageOptions", "RootImagePolicy", "RootVerity", "RuntimeDirectory", "RuntimeDirectoryMode",
    "RuntimeDirectoryPreserve", "SELinuxContext", "SecureBits", "SetCredential", "SetCredentialEncrypted",
    "SetLoginEnvironment", "SmackProcessLabel", "StandardError", "StandardInput", "StandardInputData",
    "StandardInputText", "StandardOutput", "StateDirectory", "StateDirectoryMode", "SupplementaryGroups",
    "SyslogFacility", "SyslogIdentifier", "SyslogLevel", "SyslogLevelPrefix", "SystemCallArchitectures",
    "SystemCallErrorNumber", "SystemCallFilter", "SystemCallLog", "TTYColumns", "TTYPath", "TTYReset", "TTYRows",
    "TTYVHangup", "TTYVTDisallocate", "TemporaryFileSystem", "TimeoutCleanSec", "TimeoutSec", "TimerSlackNSec",
    "UMask", "UnsetEnvironment", "User", "UtmpIdentifier", "UtmpMode", "WorkingDirectory",
];

#[rustfmt::skip]
static CGROUP: [&str; 69] = [
    "AllowedCPUs", "AllowedMemoryNodes", "BPFProgram", "BlockIOAccounting", "BlockIODeviceWeight",
    "BlockIOReadBandwidth", "BlockIOWeight", "BlockIOWriteBandwidth", "CPUAccounting", "CPUQuota",
    "CPUQuotaPeriodSec", "CPUShares", "CPUWeight", "CoredumpReceive", "DefaultMemoryLow", "DefaultMemoryMin",
    "DefaultStartupMemoryLow", "Delegate", "DelegateSubgroup", "DeviceAllow", "DevicePolicy", "DisableControllers",
    "IOAccounting", "IODeviceLatencyTargetSec", "IODeviceWeight", "IOReadBandwidthMax", "IOReadIOPSMax", "IOWeight",
    "IOWriteBandwidthMax", "IOWriteIOPSMax", "IPAccounting", "IPAddressAllow", "IPAddressDeny",
    "IPEgressFilterPath", "IPIngressFilterPath", "ManagedOOMMemoryPressure", "ManagedOOMMemoryPressureDurationSec",
    "ManagedOOMMemoryPressureLimit", "ManagedOOMPreference", "ManagedOOMSwap", "MemoryAccounting", "MemoryHigh",
    "MemoryLimit", "MemoryLow", "MemoryMax", "MemoryMin", "MemoryPressureThresholdSec", "MemoryPressureWatch",
    "MemorySwapMax", "MemoryZSwapMax", "MemoryZSwapWriteback", "NFTSet", "RestrictNetworkInterfaces", "Slice",
    "SocketBindAllow", "SocketBindDeny", "StartupAllowedCPUs", "StartupAllowedMemoryNodes", "StartupBlockIOWeight",
    "StartupCPUShares", "StartupCPUWeight", "StartupIOWeight", "StartupMemoryHigh", "StartupMemoryLow",
    "StartupMemoryMax", "StartupMemorySwapMax", "StartupMemoryZSwapMax", "TasksAccounting", "TasksMax",
];

#[rustfmt::skip]
static KILL: [&str; 7] = [
    "FinalKillSignal", "KillMode", "KillSignal", "RestartKillSignal", "SendSIGHUP", "SendSIGKILL", "WatchdogSignal",
];
