//! A client that speaks to any language server over its standard input and output, and takes the time.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::{Value, json};

use super::super::measure;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// None came within this time.
    TooLong(Duration),
    /// The server ended, or closed its output.
    Ended,
    /// It answered with an error.
    Refused { code: i64, message: String },
}

pub struct Client {
    /// None where the other side is not a process.
    child: Option<Child>,
    outgoing: Sender<Vec<u8>>,
    incoming: Receiver<(Instant, Vec<u8>)>,
    bound: Duration,
    next_id: i64,
}

impl Client {
    /// Starts a server. The moment before it started is returned as well.
    pub fn start(command: &mut Command, bound: Duration) -> anyhow::Result<(Client, Instant)> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let start = Instant::now();
        let mut child = command.spawn().with_context(|| format!("{command:?}"))?;
        let input = child.stdin.take().context("its input is a pipe")?;
        let output = child.stdout.take().context("its output is a pipe")?;
        let mut client = Client::over(output, input, bound);
        client.child = Some(child);
        Ok((client, start))
    }

    /// Over any two streams. Threads read and write, so that no pipe that is full and no server that is silent keeps the client waiting.
    pub fn over(from: impl Read + Send + 'static, mut to: impl Write + Send + 'static, bound: Duration) -> Client {
        let (outgoing, queue) = channel::<Vec<u8>>();
        std::thread::spawn(move || {
            while let Ok(message) = queue.recv() {
                if to.write_all(&message).and_then(|()| to.flush()).is_err() {
                    return;
                }
            }
        });
        let (arrived, incoming) = channel();
        std::thread::spawn(move || {
            let mut from = BufReader::with_capacity(1 << 16, from);
            while let Some(body) = read(&mut from) {
                // The time is taken before anything is made of it: what JSON costs here is not the server's.
                if arrived.send((Instant::now(), body)).is_err() {
                    return;
                }
            }
        });
        Client { child: None, outgoing, incoming, bound, next_id: 0 }
    }

    /// Sends it, and gives the moment in which it was handed over.
    pub fn notify(&mut self, method: &str, params: Value) -> Result<Instant, Failure> {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    /// Asks, and gives the moment of that and the number of the question.
    pub fn ask(&mut self, method: &str, params: Value) -> Result<(Instant, i64), Failure> {
        self.next_id += 1;
        let id = self.next_id;
        let sent = self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))?;
        Ok((sent, id))
    }

    /// Waits for the answer to a question; with it comes the moment in which it had arrived.
    pub fn answer(&mut self, id: i64) -> Result<(Instant, Value), Failure> {
        let (when, message) = self.wait(|message| message["id"] == id && message.get("method").is_none())?;
        match message.get("error") {
            Some(error) => Err(Failure::Refused {
                code: error["code"].as_i64().unwrap_or_default(),
                message: error["message"].as_str().unwrap_or_default().to_owned(),
            }),
            None => Ok((when, message["result"].clone())),
        }
    }

    /// Waits for a message; others are passed over, and what the server asks in them is answered.
    pub fn wait(&mut self, mut wanted: impl FnMut(&Value) -> bool) -> Result<(Instant, Value), Failure> {
        let deadline = Instant::now() + self.bound;
        loop {
            let (when, body) = match self.incoming.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(arrived) => arrived,
                Err(RecvTimeoutError::Timeout) => return Err(Failure::TooLong(self.bound)),
                Err(RecvTimeoutError::Disconnected) => return Err(Failure::Ended),
            };
            let Ok(message) = serde_json::from_slice::<Value>(&body) else { return Err(Failure::Ended) };
            if wanted(&message) {
                return Ok((when, message));
            }
            if let (Some(id), Some(method)) = (message.get("id"), message["method"].as_str()) {
                // No settings, and agreed to everything else.
                let result = match method {
                    "workspace/configuration" => {
                        Value::Array(message["params"]["items"].as_array().into_iter().flatten().map(|_| Value::Null).collect())
                    }
                    _ => Value::Null,
                };
                self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result }))?;
            }
        }
    }

    /// Kilobytes of the largest resident size so far.
    pub fn peak(&self) -> Option<u64> {
        measure::peak(&self.child.as_ref()?.id().to_string())
    }

    fn send(&mut self, message: &Value) -> Result<Instant, Failure> {
        let body = message.to_string();
        let bytes = format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes();
        let sent = Instant::now();
        self.outgoing.send(bytes).map_err(|_| Failure::Ended)?;
        Ok(sent)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // What was to be measured is: it need not end by itself, and a slow one might not for a long time.
            child.kill().ok();
            child.wait().ok();
        }
    }
}

/// The body of the next message; none at the end, or where what comes is no message.
fn read(from: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("Content-Length")
        {
            length = value.trim().parse::<usize>().ok();
        }
    }
    let mut body = vec![0; length?];
    from.read_exact(&mut body).ok()?;
    Some(body)
}

/// Servers of tests, in threads.
#[cfg(test)]
pub mod pretended {
    use super::*;

    /// A client, with a server that `answers`: each message of the client gives messages of the server.
    pub fn server(bound: Duration, mut answers: impl FnMut(Value) -> Vec<Value> + Send + 'static) -> Client {
        let (from_server, mut server_writes) = std::io::pipe().expect("a pipe");
        let (server_reads, to_server) = std::io::pipe().expect("a pipe");
        std::thread::spawn(move || {
            let mut input = BufReader::new(server_reads);
            while let Some(body) = read(&mut input) {
                for answer in answers(serde_json::from_slice(&body).expect("JSON")) {
                    if answer == "exit" {
                        return;
                    }
                    let body = answer.to_string();
                    write!(server_writes, "Content-Length: {}\r\nContent-Type: x\r\n\r\n{body}", body.len()).expect("written");
                }
            }
        });
        Client::over(from_server, to_server, bound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn an_answer_is_found_behind_what_the_server_has_to_say_and_ask() {
        let mut heard = Vec::new();
        let mut client = pretended::server(LONG, move |message| {
            heard.push(message.clone());
            if message["method"] == "question" {
                let asked = json!({ "id": 1, "method": "workspace/configuration", "params": { "items": [{}, {}] } });
                return vec![json!({ "method": "window/logMessage" }), asked];
            }
            // The client's answer to that, with a setting for each that was asked for.
            assert_eq!(message["result"], json!([null, null]));
            vec![json!({ "id": 1, "result": "here" })]
        });
        let (_, id) = client.ask("question", json!({})).expect("sent");
        assert_eq!(client.answer(id).expect("an answer").1, "here");
    }

    #[test]
    fn silence_the_end_and_an_error_are_told_apart() {
        let answers = |message: Value| match message["method"].as_str() {
            Some("end") => vec![json!("exit")],
            Some("refuse") => vec![json!({ "id": message["id"], "error": { "code": -32802, "message": "later" } })],
            _ => Vec::new(),
        };
        let ask = |client: &mut Client, method: &str| {
            let (_, id) = client.ask(method, json!({})).expect("sent");
            client.answer(id).expect_err("no answer")
        };
        let short = Duration::from_millis(30);
        assert_eq!(ask(&mut pretended::server(short, answers), "nothing"), Failure::TooLong(short));
        let mut client = pretended::server(LONG, answers);
        assert_eq!(ask(&mut client, "refuse"), Failure::Refused { code: -32802, message: "later".to_owned() });
        assert_eq!(ask(&mut client, "end"), Failure::Ended);
    }
}
