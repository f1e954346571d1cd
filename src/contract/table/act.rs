//! What a server can be told to do.

/// What a server can be told to do; closed, because the states that allow it and follow from it are code:
/// `cloud/transition.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It is started.
    Start,
    /// It is stopped.
    Stop,
    /// It is restarted, softly or hard.
    Reboot,
    /// It stands still, its memory kept.
    Pause,
    /// It runs on.
    Unpause,
    /// Its memory is written to a disk.
    Suspend,
    /// It runs on from there.
    Resume,
    /// Only an administrator may change it.
    Lock,
    /// Its owner may change it again.
    Unlock,
    /// It is started from another image.
    Rescue,
    /// It is started from its own again.
    Unrescue,
    /// It is stored away as an image.
    Shelve,
    /// What is stored away leaves its host.
    ShelveOffload,
    /// It is fetched back.
    Unshelve,
    /// It gets another flavor.
    Resize,
    /// The new flavor stays.
    ConfirmResize,
    /// The old flavor comes back.
    RevertResize,
    /// It is made anew from an image.
    Rebuild,
    /// An image is made of it.
    CreateImage,
    /// An image is made of it, and old ones of the kind go.
    CreateBackup,
    /// Its password is changed.
    ChangePassword,
    /// Its console is read.
    ConsoleOutput,
    /// Its console is opened.
    Console,
    /// It is made to write down its memory.
    TriggerCrashDump,
    /// It moves to another host.
    Migrate,
    /// It moves to another host while it runs.
    MigrateLive,
    /// It is made anew on another host.
    Evacuate,
    /// Its state is set by hand.
    ResetState,
    /// It is told of its network again.
    InjectNetworkInfo,
    /// It is deleted, whatever it does.
    ForceDelete,
    /// What was deleted softly comes back.
    Restore,
}

impl Act {
    /// Every act, by the name that contracts use.
    pub const ALL: [(&'static str, Act); 31] = [
        ("start", Act::Start),
        ("stop", Act::Stop),
        ("reboot", Act::Reboot),
        ("pause", Act::Pause),
        ("unpause", Act::Unpause),
        ("suspend", Act::Suspend),
        ("resume", Act::Resume),
        ("lock", Act::Lock),
        ("unlock", Act::Unlock),
        ("rescue", Act::Rescue),
        ("unrescue", Act::Unrescue),
        ("shelve", Act::Shelve),
        ("shelve-offload", Act::ShelveOffload),
        ("unshelve", Act::Unshelve),
        ("resize", Act::Resize),
        ("confirm-resize", Act::ConfirmResize),
        ("revert-resize", Act::RevertResize),
        ("rebuild", Act::Rebuild),
        ("create-image", Act::CreateImage),
        ("create-backup", Act::CreateBackup),
        ("change-password", Act::ChangePassword),
        ("console-output", Act::ConsoleOutput),
        ("console", Act::Console),
        ("trigger-crash-dump", Act::TriggerCrashDump),
        ("migrate", Act::Migrate),
        ("migrate-live", Act::MigrateLive),
        ("evacuate", Act::Evacuate),
        ("reset-state", Act::ResetState),
        ("inject-network-info", Act::InjectNetworkInfo),
        ("force-delete", Act::ForceDelete),
        ("restore", Act::Restore),
    ];
}
