//! A cloud is driven with a recording of another one: what it keeps and breaks is told, and what was made is gone afterwards.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use mockstack::base::json::{Value, json};
use tempfile::TempDir;

use crate::common::wire::{Client, Folder, IMAGE, NETWORK, SERVERS, Serving};

/// A cloud that is up, and a folder in which `boot.jsonl` is a recording of examples/boot.sh in another cloud.
struct Scene {
    folder: TempDir,
    cloud: Child,
    auth_url: String,
}

impl Drop for Scene {
    fn drop(&mut self) {
        // It is gone either way.
        let _ = self.cloud.kill();
        let _ = self.cloud.wait();
    }
}

fn mockstack(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mockstack"));
    command.args(arguments).stdin(Stdio::null()).env("NO_COLOR", "1");
    command
}

/// The cloud has other ids than the one that was recorded, and takes a moment for a boot.
const OTHER: &str = "
boot: {polls: 2}
resources:
  flavors: [{id: \"1\", name: m1.nano, ram: 64, disk: 1, vcpus: 1}, {id: b00c, name: m1.tiny, ram: 512, disk: 1, vcpus: 1}]
  volumes: [{id: 0b6ac4a8-83a0-4c0b-9a6c-9f4b0b5d8f4e, project: demo, name: data, size: 1, status: available}]
";

impl Scene {
    fn begin() -> Scene {
        let folder = TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/boot.sh");
        let recorded = mockstack(&["run", "--record", &path("boot.jsonl"), "--"]).arg(script).output().unwrap();
        assert!(recorded.status.success(), "{}", String::from_utf8_lossy(&recorded.stderr));
        fs::write(path("other.yaml"), OTHER).unwrap();
        let serve = ["serve", "--seed", "7", "--fixtures", &path("other.yaml")];
        let mut cloud = mockstack(&serve).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(cloud.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let auth_url = ready.trim().rsplit(' ').next().unwrap().to_owned();
        Scene { folder, cloud, auth_url }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `mockstack verify … --against` the cloud, as demo.
    fn verify(&self, arguments: &[&str]) -> Command {
        self.verify_at(&self.auth_url, arguments)
    }

    /// The same of another one.
    fn verify_at(&self, url: &str, arguments: &[&str]) -> Command {
        let mut command = mockstack(&["verify", "--against", url]);
        command.args(arguments).current_dir(self.folder.path());
        command.envs([
            ("OS_USERNAME", "demo"),
            ("OS_PASSWORD", "secret"),
            ("OS_PROJECT_NAME", "demo"),
            ("OS_USER_DOMAIN_NAME", "Default"),
            ("OS_PROJECT_DOMAIN_NAME", "Default"),
        ]);
        command
    }

    /// How many servers the cloud has.
    fn servers(&self) -> usize {
        self.names("servers").len()
    }

    /// The names of what the cloud has.
    fn names(&self, collection: &str) -> Vec<String> {
        let address = self.auth_url.strip_prefix("http://").unwrap().split('/').next().unwrap();
        let url = format!("http://{address}/__mockstack/state");
        let told = Command::new("curl").args(["-sS", "--noproxy", "*", &url]).output().unwrap();
        let state: Value = mockstack::base::json::from_slice(&told.stdout).unwrap();
        let all = state[collection].as_array().into_iter().flatten();
        all.map(|own| own["name"].as_str().unwrap_or_default().to_owned()).collect()
    }

    fn journals(&self) -> usize {
        let files = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|path| path.extension().is_some_and(|extension| extension == "journal")).count()
    }
}

fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

const READ: &str = "\
could not tell  compute.servers.create  1        it writes, which needs --allow-writes
could not tell  compute.servers.delete  1        it writes, which needs --allow-writes
could not tell  compute.servers.show    1        it needs a resource that was not created here
verified        image.images.index      1
verified        network.networks.index  1
";

const WRITTEN: &str = "\
verified        compute.servers.create  1
verified        compute.servers.delete  1
verified        compute.servers.show    1
verified        image.images.index      1
verified        network.networks.index  1
";

#[test]
fn without_leave_to_write_only_what_reads_is_asked() {
    let scene = Scene::begin();
    let (code, out, err) = told(&scene.verify(&["boot.jsonl"]).output().unwrap());
    assert_eq!((code, out.as_str()), (46, READ), "{err}");
    assert!(err.contains("for 3 operations it is unclear whether the cloud keeps their contracts"), "{err}");
    assert_eq!((scene.servers(), scene.journals()), (0, 0));
}

#[test]
fn a_cloud_that_keeps_the_contract_is_verified_and_left_as_it_was() {
    let scene = Scene::begin();
    for _ in 0..2 {
        let (code, out, err) = told(&scene.verify(&["boot.jsonl", "--allow-writes"]).output().unwrap());
        assert_eq!((code, out.as_str()), (0, WRITTEN), "{err}");
    }
    assert_eq!((scene.servers(), scene.journals()), (0, 0));
}

/// The cloud is the same, and the contract another one: it stands for a cloud that breaks it.
#[test]
fn a_cloud_that_breaks_the_contract_is_told() {
    let scene = Scene::begin();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("contracts/image/v2/images.yaml");
    let planted = fs::read_to_string(own)
        .unwrap()
        .replace("required: [id, name, status", "required: [id, sharpness, name, status");
    fs::create_dir_all(scene.path("planted/image/v2")).unwrap();
    fs::write(scene.path("planted/image/v2/images.yaml"), planted).unwrap();
    let (code, out, err) = told(&scene.verify(&["boot.jsonl", "--contracts", "planted"]).output().unwrap());
    assert_eq!(code, 40, "{out}{err}");
    assert!(
        out.contains("violated        image.images.index      1        answer-missing /images/0: expected \"sharpness\", which is required\n"),
        "{out}"
    );
}

/// The cloud is the same, and the contract lacks a field: it stands for a cloud that has one of its own.
#[test]
fn a_field_of_the_clouds_own_is_allowed_by_an_extension() {
    let scene = Scene::begin();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("contracts/network/v2.0/networks.yaml");
    let planted = fs::read_to_string(own).unwrap().replace("      mtu: {type: integer, default: 1450}\n", "");
    fs::create_dir_all(scene.path("planted/network/v2.0")).unwrap();
    fs::write(scene.path("planted/network/v2.0/networks.yaml"), planted).unwrap();
    let arguments = ["boot.jsonl", "--allow-writes", "--contracts", "planted"];
    let (code, out, err) = told(&scene.verify(&arguments).output().unwrap());
    assert!(code == 40 && out.contains("answer-unknown-field /networks/0/mtu"), "{out}{err}");
    let extensions = "extensions: [{pointer: '/networks/*/mtu', reason: ours}, {pointer: /servers, reason: old}]\n";
    fs::write(scene.path("mockstack.yaml"), extensions).unwrap();
    let (code, out, err) = told(&scene.verify(&arguments).output().unwrap());
    assert_eq!((code, out.as_str()), (0, WRITTEN), "{err}");
    assert!(err.contains("unused        extensions /servers matched nothing; drop it"), "{err}");
}

/// Whenever it is killed, what it made is in its journal, and a clean-up deletes it.
#[test]
fn what_a_killed_run_made_is_deleted_by_a_clean_up() {
    let scene = Scene::begin();
    for lines in [1, 2, 3] {
        let arguments = ["boot.jsonl", "--allow-writes", "--journal", "own.journal"];
        let mut run = scene.verify(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        while fs::read_to_string(scene.path("own.journal")).unwrap_or_default().lines().count() < lines {
            assert!(begun.elapsed() < Duration::from_secs(60), "no {lines} lines in the journal");
            std::thread::sleep(Duration::from_millis(1));
        }
        run.kill().unwrap();
        run.wait().unwrap();
        let (code, out, err) = told(&scene.verify(&["--clean-up", "own.journal"]).output().unwrap());
        assert_eq!((code, out.as_str(), scene.servers()), (0, "", 0), "{err}");
        assert!(!scene.path("own.journal").exists());
    }
}

/// A recording of a boot onto a volume that Nova makes and leaves behind, with a volume besides that was there before.
fn record_boot_from_volume(scene: &Scene, ends_with_server: bool) {
    const VOLUMES: &str = "/volume/v3/36e1c9b9c0ff4f64ac6deada445d4d3b/volumes/detail";
    const DATA: &str = "9ca404f3-d844-4169-bb96-bc792f37de98";
    let folder = Folder::new();
    let volumes =
        format!("resources: {{volumes: [{{id: {DATA}, project: demo, name: data, size: 1, status: available}}]}}\n");
    folder.write("data.yaml", &volumes);
    let recording = scene.path("volume.jsonl").display().to_string();
    let serving = Serving::start(&folder, &["--fixtures", "data.yaml", "--record", &recording]);
    let mut client = Client::log_in(&serving.address);
    for list in ["/image/v2/images", "/network/v2.0/networks", VOLUMES] {
        assert_eq!(client.ask("GET", list, None).status, 200, "{list}");
    }
    let device =
        |source: &str, index: i32| json!({"source_type": source, "destination_type": "volume", "boot_index": index});
    let (mut root, mut blank, mut data) = (device("image", 0), device("blank", -1), device("volume", -1));
    (root["uuid"], root["volume_size"], blank["volume_size"]) = (json!(IMAGE), json!(1), json!(1));
    (data["uuid"], data["delete_on_termination"]) = (json!(DATA), json!(ends_with_server));
    let body = json!({"server": {"name": "vm", "flavorRef": "1", "networks": [{"uuid": NETWORK}],
        "block_device_mapping_v2": [root, blank, data]}});
    let made = client.ask("POST", SERVERS, Some(&body));
    assert_eq!(made.status, 202, "{}", made.body);
    let server = format!("{SERVERS}/{}", made.json()["server"]["id"].as_str().unwrap());
    assert_eq!(client.ask("GET", &server, None).json()["server"]["status"], "ACTIVE");
    let image = json!({"createImage": {"name": "copy"}});
    assert_eq!(client.ask("POST", &format!("{server}/action"), Some(&image)).status, 202);
    assert_eq!(client.ask("DELETE", &server, None).status, 204);
    let left = client.ask("GET", "/__mockstack/state", None).json()["volumes"].clone();
    assert_eq!(left.as_array().unwrap().len(), if ends_with_server { 2 } else { 3 }, "{left}");
    assert_eq!(serving.stop().code, Some(0));
}

/// Nova leaves the volumes behind that it made for a server, and they have no name.
#[test]
fn volumes_that_a_server_leaves_behind_are_deleted() {
    let scene = Scene::begin();
    record_boot_from_volume(&scene, false);
    let images = scene.names("images");
    let (code, out, err) = told(&scene.verify(&["volume.jsonl", "--allow-writes"]).output().unwrap());
    assert_eq!(code, 0, "{out}{err}");
    let left = || ["servers", "volumes", "snapshots", "images"].map(|collection| scene.names(collection));
    let expected = [vec![], vec!["data".to_owned()], vec![], images];
    assert_eq!((left(), scene.journals()), (expected.clone(), 0));
    // Killed at any time, and cleaned up.
    for lines in 2..=7 {
        let arguments = ["volume.jsonl", "--allow-writes", "--journal", "own.journal"];
        let mut run = scene.verify(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let journal = || fs::read_to_string(scene.path("own.journal")).unwrap_or_default();
        let begun = Instant::now();
        while journal().lines().count() < lines && run.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(60), "no {lines} lines in the journal");
            std::thread::sleep(Duration::from_millis(1));
        }
        run.kill().unwrap();
        run.wait().unwrap();
        let noted = journal();
        let (code, out, err) = told(&scene.verify(&["--clean-up", "own.journal"]).output().unwrap());
        assert_eq!((code, out.as_str()), (0, ""), "{err}{noted}");
        assert_eq!(left(), expected, "after {lines} lines: {noted}");
    }
}

/// What was there before is not attached so that it would be deleted with a server of the run.
#[test]
fn a_volume_of_others_is_not_given_away() {
    let scene = Scene::begin();
    record_boot_from_volume(&scene, true);
    let (code, out, err) = told(&scene.verify(&["volume.jsonl", "--allow-writes"]).output().unwrap());
    assert_eq!(code, 46, "{out}{err}");
    assert!(out.contains("it would delete the volume ID, which existed before, with its server"), "{out}");
    assert_eq!((scene.servers(), scene.names("volumes")), (0, vec!["data".to_owned()]));
}

#[test]
fn nobody_who_cannot_log_in_asks_anything() {
    let scene = Scene::begin();
    let (code, out, err) = told(&scene.verify(&["boot.jsonl"]).env("OS_PASSWORD", "wrong-one").output().unwrap());
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert!(err.contains("cannot log in to the cloud") && err.contains("check the credentials"), "{err}");
    assert!(err.contains("answered 401: The request you have made requires authentication."), "{err}");
    assert!(!err.contains("wrong-one"), "{err}");
    let (code, _, err) = told(&scene.verify(&["boot.jsonl"]).env_remove("OS_USERNAME").output().unwrap());
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("there are no credentials for the cloud"), "{err}");
    // Nobody is there, somebody else is there, and it speaks the other protocol.
    let address = scene.auth_url.strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned();
    for (url, because, fix) in [
        (
            "http://127.0.0.1:1/v3".to_owned(),
            "because        the cloud cannot be reached (Connection refused",
            "is the cloud up, and",
        ),
        (format!("http://{address}/nowhere"), "answered 404", "give the URL of the identity service"),
        (format!("https://{address}/identity"), "the cloud cannot be reached", "does it use http or https?"),
    ] {
        let begun = Instant::now();
        let (code, _, err) = told(&scene.verify_at(&url, &["boot.jsonl"]).output().unwrap());
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(because) && err.contains(fix) && err.contains(&url), "{url}: {err}");
        assert!(begun.elapsed() < Duration::from_secs(30), "{url}");
    }
    let (code, _, err) = told(&mockstack(&["verify", "--clean-up", "none.journal"]).output().unwrap());
    assert!(code == 2 && err.contains("no cloud was given"), "{err}");
}
