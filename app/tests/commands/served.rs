//! A server under a manager: what it logs, and a socket that it is given.
use super::*;

#[test]
fn every_line_of_a_request_carries_its_name() {
    stage::run(async {
        let site = Site::fresh(Engine::Sqlite).await;
        let server = site.serve(&[("SIMPUL_LOG_FORMAT", "json")]);
        site.get("/aset/tidak-ada.css");
        let answer = say(site.port, "POST", "/api/v1/articles?rahasia=1");
        assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
        let id = answer.lines().find_map(|line| line.strip_prefix("x-request-id: ")).expect("a name").trim().to_owned();
        let lines = || -> Vec<serde_json::Value> {
            let log = server.log();
            let all = log.lines().filter_map(|line| serde_json::from_str(line).ok());
            all.filter(|line: &serde_json::Value| line["span"]["id"] == id.as_str()).collect()
        };
        let said = |message: &str| lines().into_iter().find(|line| line["fields"]["message"] == message);
        wait("the request is logged", || said("request").is_some());
        assert!(said("refused").is_some(), "a handler's own lines carry it too: {}", server.log());
        let line = said("request").expect("a line");
        let (fields, target) = (&line["fields"], &line["target"]);
        assert_eq!((fields["method"].as_str(), fields["path"].as_str()), (Some("POST"), Some("/api/v1/articles")));
        assert_eq!((fields["status"].as_u64(), target.as_str()), (Some(401), Some("simpul::request")));
        assert!(fields["millis"].is_u64() && line["level"] == "INFO");
        let log = server.log();
        assert!(!log.contains("rahasia") && !log.contains("/readyz") && log.contains("/aset/tidak-ada.css"), "{log}");
    });
}

/// As systemd does it: the socket is file 3, and it says for whom.
#[test]
fn a_socket_that_is_handed_over_is_served() {
    stage::run(async {
        let site = Site::fresh(Engine::Sqlite).await;
        let picture = "abcdef-320.webp";
        site.place.blobs().put(&base::pictures::key(picture), b"gambar".to_vec().into()).await.expect("stored");
        let socket = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = socket.local_addr().expect("an address").port();
        let log = site.place.folder.path().join("log");
        let script = "exec 3<&0 </dev/null; export LISTEN_PID=$$ LISTEN_FDS=1; exec \"$0\" serve";
        let mut command = site.program("sh");
        command.args(["-c", script, SIMPUL]).stdin(OwnedFd::from(socket)).stdout(Stdio::null());
        command.stderr(std::fs::File::create(&log).expect("a log"));
        let server = Server { child: command.spawn().expect("it starts"), log };
        // Only the server holds the socket now.
        drop(command);
        wait("it answers", || ask(port, "/healthz").starts_with("HTTP/1.1 200"));
        assert!(server.log().contains(&format!("127.0.0.1:{port}")), "{}", server.log());
        assert_eq!(site.get("/healthz"), "", "the address of the settings stays free");
        let answer = ask(port, &format!("/media/{picture}"));
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("image/webp") && answer.ends_with("gambar"), "{answer}");
        assert!(server.stop());
    });
}
