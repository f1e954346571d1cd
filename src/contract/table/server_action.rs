//! What a server can be told to do.

/// What a server can be told to do; closed, because the states that allow it and follow from it are code:
/// `cloud/compute/servers/transition.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerAction {
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

impl ServerAction {
    /// Every act, by the name that contracts use.
    pub const ALL: [(&'static str, ServerAction); 31] = [
        ("start", ServerAction::Start),
        ("stop", ServerAction::Stop),
        ("reboot", ServerAction::Reboot),
        ("pause", ServerAction::Pause),
        ("unpause", ServerAction::Unpause),
        ("suspend", ServerAction::Suspend),
        ("resume", ServerAction::Resume),
        ("lock", ServerAction::Lock),
        ("unlock", ServerAction::Unlock),
        ("rescue", ServerAction::Rescue),
        ("unrescue", ServerAction::Unrescue),
        ("shelve", ServerAction::Shelve),
        ("shelve-offload", ServerAction::ShelveOffload),
        ("unshelve", ServerAction::Unshelve),
        ("resize", ServerAction::Resize),
        ("confirm-resize", ServerAction::ConfirmResize),
        ("revert-resize", ServerAction::RevertResize),
        ("rebuild", ServerAction::Rebuild),
        ("create-image", ServerAction::CreateImage),
        ("create-backup", ServerAction::CreateBackup),
        ("change-password", ServerAction::ChangePassword),
        ("console-output", ServerAction::ConsoleOutput),
        ("console", ServerAction::Console),
        ("trigger-crash-dump", ServerAction::TriggerCrashDump),
        ("migrate", ServerAction::Migrate),
        ("migrate-live", ServerAction::MigrateLive),
        ("evacuate", ServerAction::Evacuate),
        ("reset-state", ServerAction::ResetState),
        ("inject-network-info", ServerAction::InjectNetworkInfo),
        ("force-delete", ServerAction::ForceDelete),
        ("restore", ServerAction::Restore),
    ];
}
