//! The actions of a server: one table of names.

macro_rules! server_actions {
    ($($variant:ident $name:literal $meaning:literal;)*) => {
        /// An action of a server; closed, because the states that allow it and follow from it are code: `transition.rs` in
        /// `cloud/compute/servers`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ServerAction {
            $(#[doc = $meaning] $variant,)*
        }

        impl ServerAction {
            /// Every action, by the name that contracts use.
            pub const ALL: &'static [(&'static str, ServerAction)] = &[$(($name, ServerAction::$variant),)*];
        }
    };
}

server_actions! {
    Start "start" "Starts a stopped server.";
    Stop "stop" "Stops a running server.";
    Reboot "reboot" "Restarts it, softly or hard.";
    Pause "pause" "Pauses it and keeps its memory.";
    Unpause "unpause" "Lets a paused server run again.";
    Suspend "suspend" "Writes its memory to a disk.";
    Resume "resume" "Lets a suspended server run again.";
    Lock "lock" "Lets only an administrator change it.";
    Unlock "unlock" "Lets its owner change it again.";
    Rescue "rescue" "Starts it from another image.";
    Unrescue "unrescue" "Starts it from its own image again.";
    Shelve "shelve" "Stores it as an image.";
    ShelveOffload "shelve-offload" "Takes a shelved server off its host.";
    Unshelve "unshelve" "Brings a shelved server back.";
    Resize "resize" "Gives it another flavor.";
    ConfirmResize "confirm-resize" "Keeps the new flavor.";
    RevertResize "revert-resize" "Brings the old flavor back.";
    Rebuild "rebuild" "Makes it anew from an image.";
    CreateImage "create-image" "Makes an image of it.";
    CreateBackup "create-backup" "Makes an image of it and deletes old ones of that type.";
    ChangePassword "change-password" "Changes its password.";
    ConsoleOutput "console-output" "Reads its console.";
    Console "console" "Opens its console.";
    TriggerCrashDump "trigger-crash-dump" "Makes it dump its memory.";
    Migrate "migrate" "Moves it to another host.";
    MigrateLive "migrate-live" "Moves it to another host while it runs.";
    Evacuate "evacuate" "Makes it anew on another host.";
    ResetState "reset-state" "Sets its state by hand.";
    InjectNetworkInfo "inject-network-info" "Tells it of its network again.";
    ForceDelete "force-delete" "Deletes it, whatever it does.";
    Restore "restore" "Brings a softly deleted server back.";
}
