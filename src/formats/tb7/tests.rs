//! Tests of templates: text to findings, and what is refused.

use super::*;
use crate::analysis::Facts;
use crate::formats::text;
use crate::model::Draft;
use crate::rules;

/// Reads a template, or tells the first thing that is wrong.
fn read(text: &str) -> Result<(Id, Pack), ImportError> {
    super::read(text).map_err(|mut faults| faults.remove(0))
}

/// A template of our own: a few stencils, and these threats.
fn template(threats: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<KnowledgeBase xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <Manifest name="House template" id="h" version="1.2" author="us" />
  <GenericElements>
    <ElementType><Name>Generic Process</Name><ID>GE.P</ID><ParentElement>ROOT</ParentElement><Attributes>
      <Attribute><Name>loud</Name><DisplayName>Is loud</DisplayName><AttributeValues><Value>No</Value><Value>Yes</Value></AttributeValues></Attribute>
    </Attributes></ElementType>
  </GenericElements>
  <StandardElements>
    <ElementType><Name>PostgreSQL</Name><ID>SE.DS.House.Pg</ID><ParentElement>SE.DS.House</ParentElement></ElementType>
    <ElementType><Name>Ship</Name><ID>SE.P.House.Ship</ID><ParentElement>GE.P</ParentElement></ElementType>
    <ElementType><Name>Server of ours</Name><ID>SE.P.House.Server</ID><ParentElement>GE.P</ParentElement></ElementType>
    <ElementType><Name>Front</Name><ID>SE.P.TMCore.WebServer</ID><ParentElement>SE.P.House.Server</ParentElement></ElementType>
  </StandardElements>
  <ThreatCategories>
    <ThreatCategory><Name>Information Disclosure</Name><Id>I</Id></ThreatCategory>
    <ThreatCategory><Name>Abuse</Name><Id>A</Id></ThreatCategory>
  </ThreatCategories>
  <ThreatTypes>{threats}</ThreatTypes>
</KnowledgeBase>"#
    )
}

fn threat(id: &str, include: &str, exclude: &str) -> String {
    format!(
        "<ThreatType><GenerationFilters><Include>{include}</Include><Exclude>{exclude}</Exclude></GenerationFilters>
         <Id>{id}</Id><ShortTitle>Sniffing {{flow.Name}} to {{target.Name}}.</ShortTitle><Category>I</Category>
         <Description>{{source.Name}} sends it in clear.</Description><PropertiesMetaData><ThreatMetaDatum><Name>Priority</Name>
         <Values><Value>High</Value></Values></ThreatMetaDatum></PropertiesMetaData></ThreatType>"
    )
}

/// What a template's threats say of a sketch.
fn told(threats: &str, sketch: &str) -> String {
    let (id, pack) = read(&template(threats)).unwrap();
    let mut model = text::read(sketch).unwrap();
    let mut draft = Draft::of(&model);
    draft.put(id, pack);
    let edit = draft.finish();
    model.apply(&edit);
    let report = rules::run(&Facts::of(std::sync::Arc::new(model.clone())));
    let is_ours = |it: &rules::RuleId| it.starts_with("house-template/");
    let findings = report.findings.iter().filter(|it| is_ours(&it.rule));
    let questions = report.questions.iter().filter(|it| is_ours(&it.rule));
    let findings =
        findings.map(|it| format!("{} {} — {}", it.severity.slug(), it.key, it.message.read(&model)));
    findings
        .chain(questions.map(|it| format!("? {} — {}", it.key, it.text.read(&model))))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_threat_is_a_rule_of_a_pack() {
    let (id, pack) = read(&template(&threat("TH 1", "source is 'GE.P'", ""))).unwrap();
    assert_eq!((id.as_str(), &*pack.title, &*pack.version), ("house-template", "House template", "1.2"));
    let rule = &pack.rules[0];
    assert_eq!((rule.id.as_str(), &*rule.label), ("th-1", "Sniffing flow to target."));
    assert_eq!(
        (&rule.stride[..], rule.severity),
        (&[Stride::InformationDisclosure][..], Some(Severity::High))
    );
}

#[test]
fn a_filter_finds_asks_and_is_silent() {
    let clear =
        threat("T1", "source is 'GE.P' and target is 'GE.DS'", "flow.providesConfidentiality is 'Yes'");
    insta::assert_snapshot!(told(&clear, "web: web-server; db: postgres; web -> db: postgres [encrypted no]"), @"high house-template/t1:web-db — Sniffing web → db to db");
    insta::assert_snapshot!(told(&clear, "web: web-server; db: postgres; web -> db: postgres"), @"? web-db.encrypted — Is traffic on web → db encrypted?");
    insta::assert_snapshot!(told(&clear, "web: web-server; db: postgres; web -> db: postgres [encrypted yes]"), @"");
}

#[test]
fn stencils_are_found_by_table_by_name_and_by_what_is_below_them() {
    let of =
        |include: &str| told(&threat("T", include, ""), "web: web-server; db: postgres; web -> db: postgres");
    let finds = |include: &str| of(include).starts_with("high");
    assert!(finds("target is 'SE.DS.House.Pg'"), "by its name");
    assert!(finds("target is 'SE.DS.House'"), "by what is below it");
    assert!(finds("source is 'SE.P.House.Server'"), "by what is below it, in the table");
    assert!(finds("source.loud is 'No'"), "as a new stencil has it");
    for include in [
        "source is 'ROOT'",
        "source is 'SE.P.House.Ship'",
        "source is 'SE.X'",
        "source.loud is 'Yes'",
        "source.x is 'No'",
        "",
    ] {
        assert_eq!(of(include), "", "{include}");
    }
}

#[test]
fn what_is_crossed_follows_the_boundaries_drawn() {
    let crosses = threat("T", "flow crosses 'GE.TB.B'", "");
    let of = |sketch: &str| told(&crosses, sketch).lines().count();
    assert_eq!(of("a: web-server; boundary t: tier { db: postgres }; a -> db: postgres"), 1);
    assert_eq!(of("boundary t: tier { a: web-server; db: postgres }; a -> db: postgres"), 0);
    assert_eq!(of("boundary r: region { db: postgres }; a: web-server; a -> db: postgres"), 0, "a place");
    assert_eq!(of("boundary r: region { a: web-server }; user -> a: https"), 1, "from outside");
}

#[test]
fn what_is_no_template_is_refused_with_its_place() {
    let refused = |text: &str| read(text).unwrap_err().to_string();
    insta::assert_snapshot!(refused("no"), @"line 1, column 1: unknown token; open it in the Threat Modeling Tool and save it again");
    insta::assert_snapshot!(refused("<a>\n<b></a>"), @"line 2, column 4: expected 'b' tag, not 'a'; open it in the Threat Modeling Tool and save it again");
    insta::assert_snapshot!(refused("<svg/>"), @"this is XML, and no template: it begins with `svg`; open it in the Threat Modeling Tool and save it again");
    insta::assert_snapshot!(refused("<!DOCTYPE x [<!ENTITY a 'b'>]><KnowledgeBase>&a;</KnowledgeBase>"), @"line 1, column 1: it has a DTD, which is not read; open it in the Threat Modeling Tool and save it again");
    insta::assert_snapshot!(refused("<KnowledgeBase>&lol;</KnowledgeBase>"), @"line 1, column 16: unknown entity reference 'lol'; open it in the Threat Modeling Tool and save it again");
    insta::assert_snapshot!(refused(&template(&threat("T1", "source is 'GE.P' and\n target are 'GE.P'", ""))), @"line 20, column 9: threat T1: expected `is` but found `are`; open it in the Threat Modeling Tool and save it again");
    insta::assert_snapshot!(refused(&template(&threat("T1", "", &"(".repeat(10_000)))), @"line 19, column 91: threat T1: this filter is nested deeper than 16; open it in the Threat Modeling Tool and save it again");
    insta::assert_snapshot!(refused("<KnowledgeBase/>"), @"this template has no threat types, and only these become rules; take one that has some");
    assert!(refused(&template("")).contains("no threat types"));
    assert!(read(&"<a>".repeat(200_000)).is_err());
    assert!(refused(&template(&threat("T", "", "").repeat(1001))).contains("1001 threats"));
}

#[test]
fn all_threats_that_do_not_read_are_told() {
    let threats = ["source is 'GE.P'", "source are 'GE.P'", "(", "source is"].map(|it| threat("T", it, ""));
    let faults = super::read(&template(&threats.concat())).unwrap_err();
    let lines: Vec<Option<usize>> = faults.iter().map(|it| it.place.map(|it| it.0)).collect();
    assert!(lines.len() == 3 && lines.is_sorted() && lines[0].is_some(), "{faults:?}");
}

#[test]
fn two_threats_of_one_id_are_two_rules() {
    let (_, pack) = read(&template(&threat("Th", "", "").repeat(3))).unwrap();
    let ids: Vec<&str> = pack.rules.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["th", "th-2", "th-3"]);
}

#[test]
fn what_would_be_walked_or_compared_without_end_is_not() {
    let element = |id: &str, parent: &str| {
        format!("<E><Name>{id}</Name><Id>{id}</Id><ParentElement>{parent}</ParentElement></E>")
    };
    let with = |elements: &str| {
        let text = template(&threat("T1", "source is 'C0' or source is 'SE.DS.House'", ""));
        text.replace("</StandardElements>", &format!("{elements}</StandardElements>"))
    };
    // Five stencils, each below all of them, many times: ways of six steps would be 250^6.
    let ring: String = (0..5)
        .flat_map(|n| (0..250).map(move |m| (n, m % 5)))
        .map(|(n, m)| element(&format!("C{n}"), &format!("C{m}")))
        .collect();
    let (_, pack) = read(&with(&ring)).unwrap();
    assert!(format!("{:?}", pack.rules[0].when).contains("postgres"));
    let many: String = (0..3000).map(|n| element(&format!("M{n}"), "GE.P")).collect();
    assert!(read(&with(&many)).unwrap_err().what.contains("at most 2000 are read"));
    let attributes = (0..100_000).map(|n| format!("a{n} = '1'")).collect::<Vec<_>>().join(" ");
    let text = with("").replace("<Manifest", &format!("<Manifest {attributes}"));
    assert!(read(&text).unwrap_err().what.contains("more than 300 attributes"));
}
