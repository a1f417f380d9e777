//! A mail server for tests: takes every letter over real SMTP and keeps it.
use std::io::{BufRead, BufReader, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use mailin::{Action, Handler, Response, SessionBuilder};

/// The letters that came.
#[derive(Clone, Default)]
pub(crate) struct Sink {
    letters: Arc<Mutex<Vec<String>>>,
    now: Vec<u8>,
}

impl Handler for Sink {
    fn data(&mut self, buf: &[u8]) -> std::io::Result<()> {
        self.now.extend_from_slice(buf);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let letter = String::from_utf8_lossy(&std::mem::take(&mut self.now)).into_owned();
        self.letters.lock().expect("letters").push(letter);
        mailin::response::OK
    }
}

impl Sink {
    /// Starts the server; returns it with its address for `SIMPUL_MAIL_SERVER`.
    pub(crate) fn start() -> (Sink, String) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("smtp://{}", listener.local_addr().expect("an address"));
        let sink = Sink::default();
        let server = sink.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that hangs up early ends its own session only.
                let _ = server.clone().talk(stream);
            }
        });
        (sink, address)
    }

    fn talk(self, stream: TcpStream) -> std::io::Result<()> {
        let mut session = SessionBuilder::new("surat.test").build(IpAddr::V4(Ipv4Addr::LOCALHOST), self);
        let mut out = stream.try_clone()?;
        session.greeting().write_to(&mut out)?;
        let mut lines = BufReader::new(stream);
        let mut line = Vec::new();
        loop {
            line.clear();
            if lines.read_until(b'\n', &mut line)? == 0 {
                return Ok(());
            }
            let answer = session.process(&line);
            if answer.action != Action::NoReply {
                answer.write_to(&mut out)?;
                out.flush()?;
            }
            if answer.action == Action::Close {
                return Ok(());
            }
        }
    }

    /// The letters so far, with soft line breaks undone.
    pub(crate) fn letters(&self) -> Vec<String> {
        self.letters.lock().expect("letters").iter().map(|letter| letter.replace("=\r\n", "").replace("=3D", "=")).collect()
    }
}
