//! On which ports a compose service listens in its container, as far as its files say.

use std::path::PathBuf;

use super::catalogue::{Image, Product};
use super::commands::{self, Beside, Bound, Home, Program, Variable};
use crate::project::compose::Service;
use crate::project::container::{MountSource, Text};
use crate::project::dockerfile::{self, Dockerfile};
use crate::project::interpolate::Environment;
use crate::project::vfs::Kind;
use crate::project::{Place, Project};

/// What is known of the ports of a service.
#[derive(Debug)]
pub struct Listening<'a> {
    project: &'a Project,
    service: &'a Service,
    dockerfile: Option<Dockerfile>,
    /// The program that it runs and where its command is written.
    pub program: Option<(Program, Place)>,
}

/// Why nothing answers on a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Silent {
    /// The port is one of the machine, where compose publishes this port of the container.
    Published {
        /// The container's.
        inside: u16,
        /// The line under `ports:`.
        place: Place,
    },
    /// The program listens on another port.
    Elsewhere {
        /// The program.
        program: Program,
        /// The one on which it does.
        port: u16,
        /// Its command.
        place: Place,
    },
    /// The program takes connections from its own container only.
    Loopback {
        /// The program.
        program: Program,
        /// Its command.
        place: Place,
    },
}

impl<'a> Listening<'a> {
    /// Reads the command of a service, of its compose file or its Dockerfile.
    pub fn of(project: &'a Project, service: &'a Service) -> Listening<'a> {
        let dockerfile = service.container.build.as_ref().and_then(|build| {
            let file = project.vfs.id(&build.dockerfile);
            dockerfile::read(&project.vfs, file, &build.context, build.target.as_deref(), &build.args)
        });
        let mut listening = Listening { project, service, dockerfile, program: None };
        listening.program = listening.start().and_then(|(words, place)| Some((commands::read(&words, &listening)?, place)));
        listening
    }

    /// The words of the command, and where most of them are written.
    fn start(&self) -> Option<(Vec<String>, Place)> {
        let words = |texts: &[Text]| -> Option<Vec<String>> { texts.iter().map(|text| text.value.clone()).collect() };
        let mut entrypoint = words(&self.service.container.entrypoint)?;
        let command = words(&self.service.container.command)?;
        let place = self.service.container.command.first().or(self.service.container.entrypoint.first()).map(|text| text.place);
        if !entrypoint.is_empty() {
            entrypoint.extend(command);
            return Some((entrypoint, place?));
        }
        let Some(dockerfile) = &self.dockerfile else {
            return (self.service.container.build.is_none() && !command.is_empty()).then_some((command, place?));
        };
        let written = dockerfile.start_place.map(|place| self.project.text(place.file).slice(place.span).to_string());
        let entry = written.is_some_and(|text| text.get(..10).is_some_and(|word| word.eq_ignore_ascii_case("ENTRYPOINT")));
        let mut start = if entry || command.is_empty() { dockerfile.start.clone() } else { Vec::new() };
        let given = if command.is_empty() { dockerfile.arguments.clone() } else { command };
        start.extend(given);
        (!start.is_empty()).then_some((start, place.or(dockerfile.start_place)?))
    }

    /// Why a connection to a port from another container is not taken; `None` where it is, and where that is not known.
    pub fn silent(&self, port: u16) -> Option<Silent> {
        if let Some((program, place)) = &self.program {
            let says_so = program.stated || !self.mentions(port);
            match program.port {
                Some(own) if own != port && says_so => {
                    return Some(Silent::Elsewhere { program: program.clone(), port: own, place: *place });
                }
                Some(own) if own == port && matches!(program.bound, Bound::Loopback(_) | Bound::LoopbackByDefault) => {
                    return Some(Silent::Loopback { program: program.clone(), place: *place });
                }
                Some(_) => return None,
                None => {}
            }
        }
        let inside = self.service.ports.iter().filter(|mapped| mapped.value.0 == Some(port));
        let mut inside: Vec<_> = inside.map(|mapped| (mapped.value.1, mapped.place)).collect();
        inside.dedup_by_key(|(port, _)| *port);
        match inside.as_slice() {
            [(inside, place)] if *inside != port && !self.mentions(port) && !self.is_udp(*place) => {
                Some(Silent::Published { inside: *inside, place: *place })
            }
            _ => None,
        }
    }

    /// True where anything but the machine's side of `ports:` names the port.
    fn mentions(&self, port: u16) -> bool {
        let service = self.service;
        let number = port.to_string();
        let named = |text: &str| text.split(|letter: char| !letter.is_ascii_digit()).any(|part| part == number);
        let texts = service.container.command.iter().chain(&service.container.entrypoint).chain(&service.healthcheck);
        // Of a variable that nothing sets here, its name says whether it may be the port.
        let telling = ["PORT", "ADDR", "LISTEN", "BIND", "URL", "HOST", "SERVER", "ENDPOINT", "OPT", "ARG"];
        let may_tell = |name: &str| telling.iter().any(|part| name.to_ascii_uppercase().contains(part));
        let variables = service.container.environment.iter().filter(|(name, text)| text.value.is_some() || may_tell(name));
        let texts = texts.chain(variables.map(|(_, text)| text));
        let product = service.container.image.as_ref().and_then(|image| Product::of_image(image.value.as_deref()?));
        let of_product = |product: &Product| {
            product.ports.contains(&port) || product.listener.iter().any(|listener| listener.port.is_none_or(|own| own == port))
        };
        let build = service.container.build.as_ref();
        let built = build.map(|build| self.project.text(self.project.vfs.id(&build.dockerfile)).to_str().into_owned());
        service.ports.iter().any(|mapped| mapped.value.1 == port)
            || service.expose.iter().any(|exposed| exposed.value == port)
            // What a variable hides may be the port.
            || texts.into_iter().any(|text| text.value.as_deref().is_none_or(named))
            || product.is_some_and(of_product)
            || built.is_some_and(|text| named(&text))
            || build.is_some_and(|build| build.args.iter().any(|(_, value)| value.as_deref().is_none_or(named)))
    }

    fn is_udp(&self, place: Place) -> bool {
        self.project.text(place.file).slice(place.span).to_string().contains("udp")
    }

    /// Folders that hold what the container starts with.
    fn folders(&self) -> Vec<PathBuf> {
        match &self.service.container.build {
            Some(build) => vec![build.context.clone()],
            None => {
                let mounts = self.service.container.mounts.iter().filter_map(|mount| match &mount.source {
                    MountSource::Workspace(path, _) => Some(path.clone()),
                    _ => None,
                });
                mounts.collect()
            }
        }
    }

    /// True for an image that sets no variable which a program of ours reads.
    fn is_plain(&self) -> bool {
        let built = |dockerfile: &Dockerfile| dockerfile.base.clone();
        let image = match &self.service.container.build {
            Some(_) => self.dockerfile.as_ref().and_then(built),
            None => self.service.container.image.as_ref().and_then(|image| image.value.clone()),
        };
        image.as_deref().and_then(Image::parse).is_some_and(|image| image.is_official())
    }
}

impl Home for Listening<'_> {
    fn variable(&self, name: &str) -> Variable {
        let value = |value: Option<String>| value.map_or(Variable::Unknown, Variable::Set);
        if let Some((_, text)) = self.service.container.environment.iter().rev().find(|(known, _)| known == name) {
            return value(text.value.clone());
        }
        if self.service.container.unknown_environment || !self.is_plain() {
            return Variable::Unknown;
        }
        let image = self.dockerfile.iter().flat_map(|dockerfile| &dockerfile.environment);
        let own = image.rev().find(|(known, ..)| known == name);
        own.map_or(Variable::Unset, |(_, text, _)| value(text.clone()))
    }

    fn environment(&self) -> Option<Environment> {
        if self.service.container.unknown_environment || !self.is_plain() {
            return None;
        }
        let image = self.dockerfile.iter().flat_map(|dockerfile| &dockerfile.environment);
        let image = image.map(|(name, value, _)| Some((name.clone(), value.clone()?)));
        let own = self.service.container.environment.iter().map(|(name, text)| Some((name.clone(), text.value.clone()?)));
        let pairs: Vec<(String, String)> = image.chain(own).collect::<Option<_>>()?;
        let mut environment = Environment::default();
        environment.extend(&pairs);
        Some(environment)
    }

    fn file(&self, name: &str) -> Beside {
        let folders = self.folders();
        let vfs = &self.project.vfs;
        if folders.is_empty() || !folders.iter().all(|folder| vfs.kind(folder) == Kind::Folder) {
            return Beside::Unknown;
        }
        // Git may ignore one that is there all the same.
        let ignored = folders.iter().map(|folder| folder.join(name)).filter(|path| vfs.kind(path) == Kind::File);
        let walk = vfs.walk(&self.project.workspace);
        let kept = walk.files.iter().filter(|path| path.file_name().is_some_and(|found| found == name));
        let mut found: Vec<PathBuf> =
            kept.filter(|path| folders.iter().any(|folder| path.starts_with(folder))).cloned().chain(ignored).collect();
        found.sort();
        found.dedup();
        match found.as_slice() {
            [] => Beside::Absent,
            [path] => vfs.read(vfs.id(path)).map_or(Beside::Unknown, |text| Beside::Text(text.to_str().into_owned())),
            // Which of them is where it starts is not known.
            _ => Beside::Unknown,
        }
    }
}
