//! The models that benchmarks run on: fixed by their size alone.
//!
//! [`landscape`] is an ordinary large system, made of cells of about 32 components, eight cells a data centre. A cell
//! is a network with three tiers nested in it:
//!
//! | tier | what stands in it |
//! |---|---|
//! | edge | a load balancer of two instances, behind a firewall that is the tier's gate and allows 80 and 443 |
//! | services | two pools of two to four web servers, a chain of microservices up to twelve deep, a queue and its worker; the gate allows 8080 to 8443 from the edge |
//! | data | balancers for reads and writes, two primaries that copy to each other and to their replica, a cache; the gate allows 3306 and 6379 from the services |
//!
//! One component in a hundred is a user, who enters at the load balancer of a cell. Flows between services are added
//! until there are three for each component; one in sixteen of those goes back and closes a cycle. A tenth of the
//! answers is unknown, one in twenty is no, the others are yes.
//!
//! The hostile twins are one chain of needs, one star and one flat network.

use std::sync::Arc;

use parapet::model::{
    Access, Allow, Allows, Answer, Asset, Boundary, Class, Component, Draft, Figure, Flow, From, Id, Ingress,
    Listener, MAIN_VIEW, Model, Place, Ports, Style, View,
};

/// A fixed sequence of numbers, xorshift64*.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides.max(1)
    }

    fn answer(&mut self) -> Answer {
        match self.roll(20) {
            0 | 1 => Answer::default(),
            2 => Answer::no(),
            _ => Answer::yes(),
        }
    }
}

/// A name unlike all others: those that differ by a number only are alternatives.
pub(crate) fn name(n: usize) -> String {
    let letter = |at: u32| char::from(b'a' + (n / 26_usize.pow(at) % 26) as u8);
    format!("Renamed {}", (0..4).map(letter).collect::<String>())
}

fn id(text: &str) -> Id {
    Id::slug(text)
}

fn ports(text: &str) -> Ports {
    text.parse().unwrap_or_default()
}

struct Builder<'m> {
    draft: Draft<'m>,
    dice: Dice,
    components: usize,
    flows: usize,
    services: Vec<Id>,
}

impl Builder<'_> {
    fn place(&mut self, id: &Id, x: f32, y: f32) {
        self.draft.put((Id::slug(MAIN_VIEW), id.clone()), Place::at(x, y));
    }

    fn component(&mut self, name: &str, kind: &str, within: &Id, edit: impl FnOnce(&mut Component)) -> Id {
        let it = id(name);
        let mut component = Component {
            kind: kind.to_owned(),
            name: name.to_owned(),
            within: Some(within.clone()),
            highly_available: self.dice.answer(),
            ..Component::default()
        };
        for control in ["authentication", "rate-limiting", "encryption-at-rest", "session-handling"] {
            let answer = self.dice.answer();
            component.controls.set(control, answer);
        }
        edit(&mut component);
        self.draft.put(it.clone(), component);
        // Blocks of eight columns and four rows, sixteen blocks in a row.
        let block = self.components / 32;
        let (column, row) = (self.components % 8, self.components % 32 / 8);
        let (x, y) = ((block % 16 * 9 + column) as f32 * 184.0, (block / 16 * 6 + row) as f32 * 104.0);
        self.place(&it, x, y);
        self.components += 1;
        it
    }

    fn boundary(&mut self, name: &str, kind: &str, within: Option<&Id>, ingress: Ingress) -> Id {
        let it = id(name);
        let boundary = Boundary {
            kind: kind.to_owned(),
            name: name.to_owned(),
            within: within.cloned(),
            ingress,
            segmented: self.dice.answer(),
            ..Boundary::default()
        };
        self.draft.put(it.clone(), boundary);
        it
    }

    fn gate(&mut self, name: &str, around: &Id, of: &Id, open: &str, from: From) {
        let allows = Allows::Only(vec![Allow::of(ports(open), from)]);
        self.component(name, "firewall", around, |it| {
            (it.gate_of, it.allows, it.replicas) = (Some(of.clone()), allows, Some(2));
        });
    }

    fn flow(&mut self, from: &Id, to: &Id, protocol: &str, port: u16, access: Access) {
        let flow = Flow {
            protocol: protocol.to_owned(),
            port: Ports::tcp(port),
            access,
            encrypted: self.dice.answer(),
            authenticated: self.dice.answer(),
            carries: vec![id("records")],
            style: if access == Access::Publish { Style::Asynchronous } else { Style::Synchronous },
            ..Flow::between(from.clone(), to.clone())
        };
        self.draft.put(id(&format!("f-{}", self.flows)), flow);
        self.flows += 1;
    }

    fn cell(&mut self, n: usize, centre: &Id) {
        let network = self.boundary(&format!("net-{n}"), "network", Some(centre), Ingress::Open);
        let [edge, services, data] = ["edge", "services", "data"].map(|name| {
            self.boundary(&format!("{name}-{n}"), "subnet-tier", Some(&network), Ingress::Unknown)
        });
        self.gate(&format!("fw-edge-{n}"), &network, &edge, "tcp/80,443", From::Anywhere);
        self.gate(
            &format!("fw-services-{n}"),
            &network,
            &services,
            "tcp/8080-8443",
            From::Of(vec![edge.clone()]),
        );
        self.gate(
            &format!("fw-data-{n}"),
            &network,
            &data,
            "tcp/3306,6379",
            From::Of(vec![services.clone()]),
        );
        let lb = self.component(&format!("lb-{n}"), "load-balancer", &edge, |it| {
            it.replicas = Some(2);
            it.listeners =
                vec![Listener { port: Ports::tcp(443), meant_for: From::Anywhere, ..Listener::default() }];
        });
        let mut web = Vec::new();
        for pool in ["web", "api"] {
            for k in 0..2 + self.dice.roll(3) {
                let server = self.component(&format!("{pool}-{n}-{k}"), "web-server", &services, |_| {});
                self.flow(&lb, &server, "http", 8080, Access::Read);
                web.push(server);
            }
        }
        let head = self.chain(n, &services);
        for server in &web {
            self.flow(server, &head, "https", 8443, Access::ReadWrite);
        }
        self.data_tier(n, &data, &web);
        let queue = self.component(&format!("queue-{n}"), "message-queue", &services, |_| {});
        let worker = self.component(&format!("worker-{n}"), "worker", &services, |_| {});
        self.flow(&web[0], &queue, "amqps", 8100, Access::Publish);
        self.flow(&worker, &queue, "amqps", 8100, Access::Consume);
        self.services.extend(web);
        self.services.push(worker);
    }

    /// A chain of needs, two to twelve deep; returns its head.
    fn chain(&mut self, n: usize, services: &Id) -> Id {
        let length = 2 + self.dice.roll(11);
        let links: Vec<Id> = (0..length)
            .map(|k| {
                self.component(&format!("svc-{n}-{k}"), "microservice", services, |it| it.replicas = Some(2))
            })
            .collect();
        for pair in links.windows(2) {
            self.flow(&pair[0], &pair[1], "https", 8443, Access::Read);
        }
        let head = links[0].clone();
        self.services.extend(links);
        head
    }

    fn data_tier(&mut self, n: usize, data: &Id, web: &[Id]) {
        let [write, read] = ["write", "read"].map(|name| {
            self.component(&format!("lb-{name}-{n}"), "load-balancer", data, |it| it.replicas = Some(2))
        });
        let cache =
            self.component(&format!("cache-{n}"), "cache", data, |it| it.technology = "redis".to_owned());
        let [one, two, replica] = ["primary-1", "primary-2", "replica"].map(|name| {
            self.component(&format!("{name}-{n}"), "sql-database", data, |it| {
                (it.technology, it.stores) = ("mysql:8".to_owned(), vec![id("records")]);
                it.takes_over = Answer::yes();
            })
        });
        for (from, to) in [(&one, &two), (&two, &one), (&one, &replica), (&two, &replica)] {
            self.flow(from, to, "mysql", 3306, Access::Replicate);
        }
        for primary in [&one, &two] {
            self.flow(&write, primary, "mysql", 3306, Access::Write);
        }
        self.flow(&read, &replica, "mysql", 3306, Access::Read);
        for server in web {
            self.flow(server, &write, "mysql", 3306, Access::Write);
            self.flow(server, &read, "mysql", 3306, Access::Read);
            self.flow(server, &cache, "redis", 6379, Access::ReadWrite);
        }
    }
}

fn finished(write: impl FnOnce(&mut Builder<'_>)) -> Arc<Model> {
    let mut model = Model::new();
    let draft = Draft::of(&model);
    let mut builder =
        Builder { draft, dice: Dice(0x9a7a_9e75_eed1), components: 0, flows: 0, services: Vec::new() };
    builder.draft.put(Id::slug(MAIN_VIEW), View { name: "Main".to_owned(), ..View::default() });
    write(&mut builder);
    let edit = builder.draft.finish();
    model.apply(&edit);
    Arc::new(model)
}

/// An ordinary large system of `n` components or a few more, with three flows each.
pub(crate) fn landscape(n: usize) -> Arc<Model> {
    finished(|it| {
        let records = Asset { name: "Records".to_owned(), class: Class::Confidential, ..Asset::default() };
        it.draft.put(id("records"), records);
        let (mut centre, mut cells) = (id("none"), 0);
        while it.components + 16 < n {
            if cells % 8 == 0 {
                centre = it.boundary(&format!("dc-{}", cells / 8), "data-centre", None, Ingress::Open);
            }
            it.cell(cells, &centre);
            cells += 1;
        }
        for user in 0..n.div_ceil(100) {
            let name = format!("users-{user}");
            let user_id = id(&name);
            let component = Component {
                kind: "user".to_owned(),
                name,
                requests_per_second: Some(Figure::from(10_u32)),
                ..Component::default()
            };
            it.draft.put(user_id.clone(), component);
            it.place(&user_id, -400.0, user as f32 * 104.0);
            it.components += 1;
            it.flow(&user_id, &id(&format!("lb-{}", user % cells.max(1))), "https", 443, Access::ReadWrite);
        }
        let services = std::mem::take(&mut it.services);
        while it.flows < it.components * 3 {
            let (a, step) = (it.dice.roll(services.len()), it.dice.roll(40) + 1);
            let b = (a + step) % services.len();
            // Services call later ones, mostly; one call in sixteen goes back and closes a cycle.
            let (from, to) = if it.dice.roll(16) == 0 { (a.max(b), a.min(b)) } else { (a.min(b), a.max(b)) };
            if from != to {
                it.flow(&services[from], &services[to], "https", 8443, Access::Read);
            }
        }
    })
}

/// Each needs the next, one after another.
pub(crate) fn chain(n: usize) -> Arc<Model> {
    finished(|it| {
        let all = it.boundary("all", "network", None, Ingress::Open);
        let kind = |k: usize| if k == 0 { "user" } else { "microservice" };
        let links: Vec<Id> =
            (0..n).map(|k| it.component(&format!("c-{k:05}"), kind(k), &all, |_| {})).collect();
        for pair in links.windows(2) {
            it.flow(&pair[0], &pair[1], "https", 443, Access::Read);
        }
    })
}

/// Half of all need one, which needs the other half.
pub(crate) fn star(n: usize) -> Arc<Model> {
    finished(|it| {
        let all = it.boundary("all", "network", None, Ingress::Open);
        let hub = it.component("hub", "microservice", &all, |_| {});
        for k in 1..n {
            let kind = if k % 2 == 0 { "browser" } else { "microservice" };
            let leaf = it.component(&format!("c-{k:05}"), kind, &all, |_| {});
            let (from, to) = if k % 2 == 0 { (&leaf, &hub) } else { (&hub, &leaf) };
            it.flow(from, to, "https", 443, Access::Read);
        }
    })
}

/// One network in which everything stands beside everything, with a way in.
pub(crate) fn flat(n: usize) -> Arc<Model> {
    finished(|it| {
        let all = it.boundary("all", "network", None, Ingress::Open);
        for k in 0..n {
            let kind = if k % 3 == 0 { "sql-database" } else { "web-server" };
            it.component(&format!("c-{k:05}"), kind, &all, |it| {
                let port = ports(&format!("tcp/{}", 1000 + k % 50_000));
                it.listeners = vec![Listener { port, ..Listener::default() }];
            });
        }
        let user = Component { kind: "user".to_owned(), name: "Users".to_owned(), ..Component::default() };
        it.draft.put(id("users"), user);
        it.flow(&id("users"), &id("c-00001"), "https", 443, Access::Read);
    })
}
