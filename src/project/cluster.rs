//! A cluster as manifests describe it: Services, the pods that they select, and the containers of these.
//!
//! What a chart, a patch or a prefix may change is kept with a [`Doubt`]: who a name leads to is then not known.

use super::builds::Builds;
use super::container::{Container, Mount, MountSource, Sourced, Text};
use super::kubernetes::{self, Inline, Manifests};
use super::kustomize::{Kustomizations, Labels, Made, Taken};
use super::yaml::Yaml;
use super::{FileId, Place, Project};

/// Everything that the manifests of a workspace say of a cluster.
#[derive(Debug, Default)]
pub struct Cluster {
    /// The Services.
    pub services: Vec<Service>,
    /// The pods, one for each workload: there are as many alike as it says.
    pub pods: Vec<Pod>,
}

/// A `Service`: a name in the cluster that leads to pods.
#[derive(Debug)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Where that is written.
    pub place: Place,
    /// Where the name is known without a namespace behind it.
    pub namespace: Namespace,
    /// Its ports, of TCP.
    pub ports: Vec<Port>,
    /// The labels of the pods that it leads to.
    selectors: Made,
    /// Why it can't be told where its name leads.
    pub doubt: Option<Doubt>,
}

/// A port of a Service.
#[derive(Debug)]
pub struct Port {
    /// The one that others use.
    pub number: u16,
    /// The one of the pod.
    pub target: Target,
    /// `appProtocol:`, and where that is written. Of a Service for a balancer outside it may be what that one speaks.
    pub protocol: Option<(String, Place)>,
    /// Where it is written.
    pub place: Place,
}

/// `targetPort:`
#[derive(Debug, PartialEq, Eq)]
pub enum Target {
    /// A number.
    Number(u16),
    /// The name that a container's port has.
    Name(String),
}

/// Why it can't be told where a name leads, or what runs in a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The manifest is filled in by somebody: a chart, `envsubst`.
    Templated,
    /// A kustomization may give it another name, or change it otherwise.
    Kustomized,
    /// It is a name for another one outside: `ExternalName`.
    External,
    /// It leads to the pods themselves, whatever their ports are.
    Headless,
    /// It has no selector: whoever gives it addresses knows where they lead.
    Unselecting,
    /// A part of it is not understood.
    Unread,
}

/// The namespaces into which a manifest is put; more than one where overlays do so. Without any it is `default`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace(Vec<String>);

impl Namespace {
    /// True when it is this one and no other.
    pub fn is(&self, name: &str) -> bool {
        matches!(self.0.as_slice(), [only] if only.eq_ignore_ascii_case(name))
    }
}

/// The pods of a workload.
#[derive(Debug)]
pub struct Pod {
    /// Where its Services are known by their names alone.
    pub namespace: Namespace,
    labels: Made,
    /// Its containers, those that stay beside them included.
    pub parts: Vec<Part>,
    /// Why it can't be told what runs in it.
    pub doubt: Option<Doubt>,
    /// It may know other names than the cluster's: name servers or hosts of its own, or those of its machine.
    pub knows_other_names: bool,
}

/// A container of a pod.
#[derive(Debug)]
pub struct Part {
    /// `deployment/web nginx`, as a deployment is called.
    pub id: String,
    /// Where it is written.
    pub place: Place,
    ports: Vec<(Option<String>, u16)>,
    /// The ports that the cluster asks over HTTP whether it is well: whether with TLS, and where that is written.
    probed: Vec<(u16, bool, Place)>,
    /// What it runs.
    pub container: Container,
}

impl Cluster {
    /// Reads the manifests of a project.
    pub fn read(project: &Project) -> Cluster {
        let walk = project.vfs.walk(&project.workspace);
        let manifests = Manifests::read(&project.vfs, &walk.files, &["Service", "containers", "ConfigMap"]);
        let reader = Reader {
            project,
            manifests: &manifests,
            kustomizations: Kustomizations::read(&project.vfs, &walk.files),
            builds: Builds::read(&project.vfs, &walk.files, &project.compose),
        };
        Cluster {
            services: manifests.services.iter().filter_map(|(file, yaml)| reader.service(yaml, *file)).collect(),
            pods: manifests.workloads.iter().map(|(file, yaml)| reader.pod(yaml, *file)).collect(),
        }
    }

    /// The pods that a Service may lead to.
    pub fn selected<'a>(&'a self, service: &'a Service) -> impl Iterator<Item = &'a Pod> {
        let any = |pod: &Pod| service.selectors.iter().any(|(_, selector)| pod.labels.iter().any(|(_, labels)| has(labels, selector)));
        self.pods.iter().filter(move |pod| service.namespace == pod.namespace && any(pod))
    }

    /// The one workload whose pods a Service leads to, whatever kustomization makes it; `None` where it may lead to others too.
    pub fn only<'a>(&'a self, service: &'a Service) -> Option<&'a Pod> {
        let mut pods = self.selected(service);
        let pod = pods.next().filter(|_| pods.next().is_none())?;
        // A kustomization that takes both makes both.
        let there = |by: &Option<usize>, selector: &Labels| match pod.labels.iter().find(|(other, _)| other == by) {
            Some((_, labels)) => has(labels, selector),
            None => pod.labels.iter().any(|(_, labels)| has(labels, selector)),
        };
        service.selectors.iter().all(|(by, selector)| there(by, selector)).then_some(pod)
    }
}

/// True for labels that a selector selects; one that is empty selects none.
fn has(labels: &Labels, selector: &Labels) -> bool {
    !selector.is_empty() && selector.iter().all(|label| labels.contains(label))
}

impl Pod {
    /// The container that listens on a port, and the port's number; `None` where that is not certain.
    pub fn at(&self, target: &Target) -> Option<(&Part, u16)> {
        let declared = |part: &Part| {
            let port = part.ports.iter().find(|(name, number)| match target {
                Target::Number(wanted) => number == wanted,
                Target::Name(wanted) => name.as_ref() == Some(wanted),
            })?;
            Some(port.1)
        };
        let mut found = self.parts.iter().filter_map(|part| Some((part, declared(part)?)));
        match (found.next(), found.next(), self.parts.as_slice(), target) {
            (Some(only), None, ..) => Some(only),
            // A port need not be declared.
            (None, _, [only], Target::Number(number)) => Some((only, *number)),
            _ => None,
        }
    }
}

impl Part {
    /// Whether the cluster asks a port with TLS how it is, by each of its probes, and where that is written.
    pub fn probed(&self, port: u16) -> impl Iterator<Item = (bool, Place)> {
        self.probed.iter().filter(move |(known, ..)| *known == port).map(|(_, tls, place)| (*tls, *place))
    }
}

/// What a name in an argument or a variable can be filled in by, before anything runs.
const MARKS: [&str; 4] = ["{{", "{%", "<%", "${"];

struct Reader<'a> {
    project: &'a Project,
    manifests: &'a Manifests,
    kustomizations: Kustomizations,
    builds: Builds,
}

impl Reader<'_> {
    fn taken(&self, file: FileId) -> Option<&Taken> {
        self.kustomizations.of(&self.project.vfs.path(file))
    }

    fn namespace(&self, meta: Option<&Yaml>, file: FileId) -> Namespace {
        let given = self.taken(file).map(|taken| taken.namespaces.clone()).filter(|given| !given.is_empty());
        let own = meta.and_then(|meta| meta.get("namespace")?.scalar()).unwrap_or("default");
        Namespace(given.unwrap_or_else(|| vec![own.to_owned()]))
    }

    /// Why a manifest may be another one once it is in the cluster. `marks`: what shows that it is filled in.
    fn doubt(&self, yaml: &Yaml, file: FileId, marks: &[&str]) -> Option<Doubt> {
        let text = self.project.text(file);
        let text = text.slice(yaml.span);
        if marks.iter().any(|mark| text.contains(mark)) {
            return Some(Doubt::Templated);
        }
        self.doubt_of(file)
    }

    fn doubt_of(&self, file: FileId) -> Option<Doubt> {
        self.taken(file).is_some_and(|taken| taken.changed).then_some(Doubt::Kustomized)
    }

    fn service(&self, yaml: &Yaml, file: FileId) -> Option<Service> {
        let meta = yaml.get("metadata")?;
        let name = meta.get("name")?;
        let spec = yaml.get("spec")?;
        let text = |key: &str| spec.get(key).and_then(Yaml::scalar);
        let selector = spec.get("selector").map(Yaml::pairs).unwrap_or_default();
        let labels = labels(&selector);
        let written = spec.get("ports").map(Yaml::items).unwrap_or_default();
        let tcp = |port: &&Yaml| port.get("protocol").and_then(Yaml::scalar).is_none_or(|protocol| protocol == "TCP");
        let balanced = text("type") == Some("LoadBalancer");
        let ports: Option<Vec<Port>> = written.iter().filter(tcp).map(|yaml| port(yaml, file, balanced)).collect();
        let doubt = match (text("type"), text("clusterIP")) {
            _ if let Some(doubt) = self.doubt(yaml, file, &MARKS) => Some(doubt),
            (Some("ExternalName"), _) => Some(Doubt::External),
            (_, Some("None")) => Some(Doubt::Headless),
            _ if ports.as_ref().is_none_or(Vec::is_empty) || labels.len() < selector.len() => Some(Doubt::Unread),
            _ if labels.is_empty() => Some(Doubt::Unselecting),
            _ => None,
        };
        Some(Service {
            name: name.scalar()?.to_owned(),
            place: Place { file, span: name.span },
            namespace: self.namespace(Some(meta), file),
            ports: ports.unwrap_or_default(),
            selectors: self.taken(file).map_or_else(|| vec![(None, labels.clone())], |taken| taken.selectors(&labels)),
            doubt,
        })
    }

    fn pod(&self, yaml: &Yaml, file: FileId) -> Pod {
        let kind = yaml.get("kind").and_then(Yaml::scalar).unwrap_or_default();
        let meta = yaml.get("metadata");
        let spec = yaml.get("spec");
        let template = spec.and_then(|spec| spec.get("jobTemplate")?.get("spec")).or(spec).and_then(|spec| spec.get("template"));
        let own = template.unwrap_or(yaml).get("metadata").and_then(|meta| meta.get("labels")).map(Yaml::pairs).unwrap_or_default();
        // Other kinds than these make of a template what they like.
        let known = matches!(kind, "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Pod");
        let pod = kubernetes::pod(yaml);
        let own = labels(&own);
        let labels = self.taken(file).map_or_else(|| Some(vec![(None, own.clone())]), |taken| taken.of_pods(&own, kind == "Pod"));
        let text = |key: &str| pod.and_then(|pod| pod.get(key)?.scalar());
        let list = |key: &str| pod.and_then(|pod| pod.get(key)).map(Yaml::items).unwrap_or_default();
        // These run as long as the others.
        let beside = list("initContainers").iter().filter(|init| init.get("restartPolicy").and_then(Yaml::scalar) == Some("Always"));
        let containers = list("containers").iter().chain(beside);
        Pod {
            namespace: self.namespace(meta, file),
            parts: containers.map(|container| self.part(yaml, container, list("volumes"), file)).collect(),
            doubt: self.doubt(yaml, file, &["{{", "{%", "<%"]).or(match &labels {
                _ if !known => Some(Doubt::Unread),
                None => Some(Doubt::Kustomized),
                Some(_) => None,
            }),
            labels: labels.unwrap_or_else(|| vec![(None, own)]),
            knows_other_names: text("hostNetwork") == Some("true")
                || text("dnsPolicy").is_some_and(|policy| policy != "ClusterFirst")
                || pod.is_some_and(|pod| ["hostAliases", "dnsConfig"].iter().any(|key| pod.get(key).is_some())),
        }
    }

    fn part(&self, workload: &Yaml, yaml: &Yaml, volumes: &[Yaml], file: FileId) -> Part {
        let id = kubernetes::container_name(workload, yaml);
        let place = |span| Place { file, span };
        let list = |key: &str| yaml.get(key).map(Yaml::items).unwrap_or_default();
        // `$(NAME)` is replaced by the cluster.
        let plain = |text: &str| !text.contains("$(") && !MARKS.iter().any(|mark| text.contains(mark));
        let text = |yaml: &Yaml| -> Text {
            Sourced { value: yaml.scalar().filter(|text| plain(text)).map(str::to_owned), place: place(yaml.span) }
        };
        let replaced = |reference: &str| {
            let repository = |reference: &str| {
                let name = reference.split('@').next().unwrap_or(reference);
                name.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).map_or(name, |(name, _)| name).to_owned()
            };
            self.taken(file).is_some_and(|taken| taken.images.contains(&repository(reference)))
        };
        let image = yaml.get("image").map(|image| match text(image) {
            Sourced { value: Some(reference), place } if replaced(&reference) => Sourced { value: None, place },
            text => text,
        });
        let mut container = Container {
            name: id.split(' ').next().unwrap_or(&id).to_owned(),
            build: image.as_ref().and_then(|image| self.builds.of(image.value.as_deref()?)).cloned(),
            image,
            entrypoint: list("command").iter().map(text).collect(),
            command: list("args").iter().map(text).collect(),
            ..Container::default()
        };
        for from in list("envFrom") {
            let map = from.get("configMapRef").and_then(|map| map.get("name")?.scalar());
            let prefix = from.get("prefix").and_then(Yaml::scalar).unwrap_or_default();
            match map.and_then(|map| self.manifests.values(map)) {
                Some(values) => container.environment.extend(values.into_iter().map(|(name, value, place)| {
                    let value = Some(value).filter(|value| plain(value)).map(str::to_owned);
                    (format!("{prefix}{name}"), Sourced { value, place })
                })),
                None => container.unknown_environment = true,
            }
        }
        for item in list("env") {
            let Some(name) = item.get("name").and_then(Yaml::scalar) else { continue };
            let reference = item.get("valueFrom").and_then(|from| from.get("configMapKeyRef"));
            let of_map = |reference: &Yaml| {
                let (map, key) = (reference.get("name")?.scalar()?, reference.get("key")?.scalar()?);
                let (_, value, place) = self.manifests.values(map)?.into_iter().find(|(known, ..)| *known == key)?;
                Some(Sourced { value: Some(value).filter(|value| plain(value)).map(str::to_owned), place })
            };
            let value = match (item.get("value"), item.get("valueFrom")) {
                (Some(value), _) => text(value),
                (None, Some(from)) => reference.and_then(of_map).unwrap_or(Sourced { value: None, place: place(from.span) }),
                (None, None) => Sourced { value: Some(String::new()), place: place(item.span) },
            };
            container.environment.push((name.to_owned(), value));
        }
        let mounts = list("volumeMounts").iter().flat_map(|mount| self.manifests.mount(mount, volumes, file));
        container.mounts = merged(mounts.map(|mount| self.mount(mount)).collect());
        let ports = list("ports").iter().filter(|port| port.get("protocol").and_then(Yaml::scalar).is_none_or(|name| name == "TCP"));
        let ports = ports.filter_map(|port| {
            let number = port.get("containerPort")?.scalar()?.parse().ok()?;
            Some((port.get("name").and_then(Yaml::scalar).map(str::to_owned), number))
        });
        let ports: Vec<(Option<String>, u16)> = ports.collect();
        let probes = ["startupProbe", "readinessProbe", "livenessProbe"].into_iter().filter_map(|key| yaml.get(key)?.get("httpGet"));
        let probed = probes.filter(|get| get.get("host").is_none()).filter_map(|get| {
            let written = get.get("port")?.scalar()?;
            let named = || ports.iter().find(|(name, _)| name.as_deref() == Some(written)).map(|(_, number)| *number);
            let tls = match get.get("scheme").map(Yaml::scalar) {
                None | Some(Some("HTTP")) => false,
                Some(Some("HTTPS")) => true,
                _ => return None,
            };
            Some((written.parse().ok().or_else(named)?, tls, place(get.span)))
        });
        Part { probed: probed.collect(), ports, place: place(yaml.get("name").unwrap_or(yaml).span), id, container }
    }

    fn mount(&self, mount: kubernetes::Mount) -> Mount {
        let source = match mount.source {
            Ok(path) if path.starts_with(&self.project.workspace) => {
                let written = self.project.display(&path);
                MountSource::Workspace(path, written)
            }
            // As a chart or a patch makes it, it may be another one.
            Err(_) if self.doubt_of(mount.place.file).is_none() => match mount.text {
                Inline::File(text) if !MARKS.iter().any(|mark| text.contains(mark)) => MountSource::Inline(Some(text.into())),
                Inline::Folder => MountSource::Inline(None),
                Inline::File(_) | Inline::No => MountSource::Volume(None),
            },
            Ok(_) | Err(_) => MountSource::Volume(None),
        };
        Mount { source, target: mount.target, read_only: true, place: mount.place }
    }
}

/// Of a path that two ConfigMaps of one name have, nothing is known.
fn merged(mounts: Vec<Mount>) -> Vec<Mount> {
    let mut out: Vec<Mount> = Vec::new();
    for mount in mounts {
        match out.iter_mut().find(|known| known.target == mount.target) {
            Some(known) if known.source != mount.source => known.source = MountSource::Volume(None),
            Some(_) => {}
            None => out.push(mount),
        }
    }
    out
}

fn labels(pairs: &[(&Yaml, &Yaml)]) -> Labels {
    pairs.iter().filter_map(|(key, value)| Some((key.scalar()?.to_owned(), value.scalar()?.to_owned()))).collect()
}

/// An entry of a Service's `ports:`; `None` for a number that is not written out.
fn port(yaml: &Yaml, file: FileId, balanced: bool) -> Option<Port> {
    let number = yaml.get("port")?.scalar()?.parse().ok()?;
    let target = match yaml.get("targetPort") {
        None => Target::Number(number),
        Some(target) => target
            .scalar()?
            .parse()
            .map_or_else(|_| target.scalar().map(|name| Target::Name(name.to_owned())), |number| Some(Target::Number(number)))?,
    };
    let protocol = yaml.get("appProtocol").filter(|_| !balanced);
    let protocol = protocol.and_then(|protocol| Some((protocol.scalar()?.to_owned(), Place { file, span: protocol.span })));
    Some(Port { number, target, protocol, place: Place { file, span: yaml.span } })
}
