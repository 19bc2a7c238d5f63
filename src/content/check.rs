//! What can be checked of one entry alone: order of dates, seats, coordinates, totals.

use std::collections::{BTreeMap, BTreeSet};

use super::targets;
use crate::diag::{Code, Problem, did_you_mean, text};
use crate::model::Kind;
use crate::model::config::{SiteConfig, is_base_url, not_a_base_url};
use crate::model::date::Moment;
use crate::model::kinds::{
    Account, Common, Data, Event, Funds, Location, Money, Organization, Photo, Post, Response,
    Rota, Visit,
};
use crate::model::leaf::Sample;
use crate::model::node::Step;
use crate::model::value::{Reader, Record};

/// Checks `site.yaml`.
pub(super) fn config(config: &SiteConfig, reader: &mut Reader<'_>) {
    if !is_base_url(&config.base_url) {
        report(reader, "base_url", not_a_base_url(&config.base_url));
    }
    if config.theme().contains(['/', '\\']) || config.theme().starts_with('.') {
        let theme = config.theme();
        let message = text!(
            "`{theme}` 不是主题的名字",
            "`{theme}` is not the name of a theme"
        );
        let hint = text!(
            "写 themes/ 下的文件夹名，如 `harbor`",
            "write the name of a folder below themes/, such as `harbor`"
        );
        let problem = Problem::error(Code::InvalidValue, message).hint(hint);
        report(reader, "theme", problem);
    }
    for (at, target) in config.deploy.iter().enumerate() {
        reader.within(Step::Key("deploy"), |reader| {
            reader.within(Step::Index(at), |reader| {
                targets::target(target, &config.deploy[..at], reader)
            });
        });
    }
    if let Some(zone) = &config.time_zone
        && jiff::tz::TimeZone::get(zone).is_err()
    {
        let message = text!("没有时区 `{zone}`", "there is no time zone `{zone}`");
        let hint = text!("如 `Asia/Shanghai`", "for example `Asia/Shanghai`");
        let problem = Problem::error(Code::InvalidValue, message).hint(hint);
        report(reader, "time_zone", problem);
    }
}

/// Checks an entry.
pub(super) fn entry(kind: Kind, common: &Common, data: &Data, reader: &mut Reader<'_>) {
    self::common(kind, common, reader);
    match data {
        Data::Organization(organization) => posts(organization, reader),
        Data::Person(person) if !person.consent => report(reader, "consent", no_consent()),
        Data::Station(station) => {
            if let Some(location) = &station.location {
                self::location(location, reader);
            }
        }
        Data::Report(report) => photos(&report.photos, reader),
        Data::Event(event) => self::event(event, reader),
        Data::Visit(visit) => matters(visit, reader),
        Data::Response(response) => self::response(response, reader),
        Data::Rota(rota) => leads(rota, reader),
        Data::Funds(funds) => self::funds(funds, reader),
        _ => {}
    }
}

fn no_consent() -> Problem {
    let message = text!(
        "没有写明本人同意公开",
        "consent to publication is not recorded"
    );
    let hint = text!(
        "征得本人同意后写 `consent: true`；否则删去这个文件",
        "write `consent: true` once the person agreed, or delete the file"
    );
    Problem::error(Code::MissingKey, message).hint(hint)
}

/// Photos without words are nothing to who cannot see them (WCAG 2.2, 1.1.1).
fn photos(photos: &[Photo], reader: &mut Reader<'_>) {
    for (index, photo) in photos.iter().enumerate() {
        if photo.caption.is_some() || photo.alt.is_some() {
            continue;
        }
        let name = &photo.file.0;
        let message = text!(
            "照片 `{name}` 没有说明，看不见图的人不知道它是什么",
            "the photo `{name}` has no caption: who cannot see it does not know what it is"
        );
        let hint = text!(
            "写明谁在哪里做什么：`{{file: {name}, caption: 志愿者清理海滩}}`",
            "say who does what where: `{{file: {name}, caption: …}}`"
        );
        let problem = Problem::warning(Code::MissingAlt, message).hint(hint);
        reader.within(Step::Key("photos"), |reader| {
            reader.within(Step::Index(index), |reader| reader.report(problem));
        });
    }
}

fn report(reader: &mut Reader<'_>, key: &'static str, problem: Problem) {
    reader.within(Step::Key(key), |reader| reader.report(problem));
}

fn common(kind: Kind, common: &Common, reader: &mut Reader<'_>) {
    let is_dated = matches!(
        kind,
        Kind::Report | Kind::Meeting | Kind::Visit | Kind::Notice
    );
    if is_dated && common.date.is_none() && !reader.is_reported("date") {
        let message = text!("缺少 `date`（日期）", "`date` is missing");
        let hint = text!("加一行 `date: 2021-04-01`", "add a line `date: 2021-04-01`");
        reader.report(Problem::error(Code::MissingKey, message).hint(hint));
    }
    in_order(reader, ("date", common.date), ("updated", common.updated));
    publication(common, reader);
    keywords(common, reader);
    let Sample::Keys(keys) = &common.sample else {
        return;
    };
    let fields = [Common::fields(), Data::fields(kind)].concat();
    for (index, key) in keys.iter().enumerate() {
        if reader.is_full() {
            return;
        }
        if key != "body" && !fields.iter().any(|field| field.name == key) {
            let names = fields.iter().map(|field| (field.name, Some(field.label())));
            let names = names.chain([("body", Some("正文"))]);
            let message = text!("没有名为 `{key}` 的键", "there is no key `{key}`");
            let problem = Problem::error(Code::UnknownKey, message).hint(
                did_you_mean(key, names).unwrap_or_else(|| {
                    text!(
                        "写这个文件里的键名；正文写 `body`",
                        "write keys of this file, or `body` for the text"
                    )
                }),
            );
            reader.report_at(&[Step::Key("sample"), Step::Index(index)], problem);
        }
    }
}

fn publication(common: &Common, reader: &mut Reader<'_>) {
    let (publish, expire) = (common.publish_on, common.expire_on);
    in_order(reader, ("publish_on", publish), ("expire_on", expire));
    if publish.is_some() && publish.map(Moment::start) == expire.map(Moment::start) {
        let message = text!(
            "`expire_on` 与 `publish_on` 是同一时刻，永远不会发布",
            "`expire_on` is the same moment as `publish_on`, so that it is never published"
        );
        let hint = text!("核对这两个日期", "check the two dates");
        let problem = Problem::error(Code::WrongOrder, message).hint(hint);
        report(reader, "expire_on", problem);
    }
}

fn keywords(common: &Common, reader: &mut Reader<'_>) {
    for (index, word) in common.keywords.iter().enumerate() {
        if !word.contains(['，', '、', '；']) {
            continue;
        }
        let better = word.replace(['，', '、', '；'], ", ");
        let message = text!(
            "`{word}` 用全角标点分隔，成了一个关键词",
            "`{word}` is one keyword, since its parts are separated by full-width characters"
        );
        let hint = text!(
            "用半角逗号分隔：`[{better}]`",
            "separate them by ASCII commas: `[{better}]`"
        );
        let problem = Problem::warning(Code::FullWidth, message).hint(hint);
        reader.report_at(&[Step::Key("keywords"), Step::Index(index)], problem);
    }
}

/// Reports at the later key when its moment comes before the earlier one.
fn in_order(
    reader: &mut Reader<'_>,
    (first_key, first): (&'static str, Option<Moment>),
    (second_key, second): (&'static str, Option<Moment>),
) {
    let (Some(first), Some(second)) = (first, second) else {
        return;
    };
    let backwards = match (first.time, second.time) {
        (Some(_), Some(_)) => second < first,
        _ => second.date < first.date,
    };
    if backwards {
        let (a, b) = (first.chinese(), second.chinese());
        let message = text!(
            "`{second_key}`（{b}）早于 `{first_key}`（{a}）",
            "`{second_key}` ({second}) comes before `{first_key}` ({first})"
        );
        let hint = text!("核对这两个日期", "check the two dates");
        let problem = Problem::error(Code::WrongOrder, message).hint(hint);
        report(reader, second_key, problem);
    }
}

fn event(event: &Event, reader: &mut Reader<'_>) {
    in_order(reader, ("start", Some(event.start)), ("end", event.end));
    if let Some(until) = event.repeats.as_ref().and_then(|repeats| repeats.until) {
        reader.within(Step::Key("repeats"), |reader| {
            in_order(
                reader,
                ("start", Some(event.start)),
                ("until", Some(Moment::day(until))),
            );
        });
    }
}

fn response(response: &Response, reader: &mut Reader<'_>) {
    in_order(
        reader,
        ("asked_on", Some(response.asked_on)),
        ("answered_on", response.answered_on),
    );
}

fn posts(organization: &Organization, reader: &mut Reader<'_>) {
    for (index, post) in organization.establishment.iter().enumerate() {
        let shares = [
            ("体制内外", "inside and outside", post.inside, post.outside),
            (
                "专兼职",
                "full-time and part-time",
                post.full_time,
                post.part_time,
            ),
        ];
        for (zh, en, one, other) in shares {
            let sum = u64::from(one.unwrap_or(0)) + u64::from(other.unwrap_or(0));
            if sum > u64::from(post.seats.max) {
                let (title, max) = (&post.title, post.seats.max);
                let message = text!(
                    "{title}：{zh}合计 {sum} 名，多于职数 {max} 名",
                    "{title}: {en} add up to {sum}, more than {max} seats"
                );
                let problem = Problem::error(Code::WrongTotal, message);
                in_establishment(reader, index, problem);
            }
        }
    }
    roster(organization, reader);
}

fn roster(organization: &Organization, reader: &mut Reader<'_>) {
    if organization.establishment.is_empty() {
        return;
    }
    let mut holders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, holder) in organization.roster.iter().enumerate() {
        holders.entry(&holder.post).or_default().push(index);
    }
    let mut posts: BTreeSet<&str> = BTreeSet::new();
    for (index, post) in organization.establishment.iter().enumerate() {
        if !posts.insert(&post.title) {
            in_establishment(reader, index, post_twice(post));
            continue;
        }
        let holders = holders.get(post.title.as_str());
        let holders = holders.map_or(&[][..], Vec::as_slice);
        let count = holders.len();
        if let Some(first_over) = holders.get(post.seats.max as usize) {
            in_roster(reader, *first_over, overfilled(post, count));
        } else if count < post.seats.min as usize {
            in_establishment(reader, index, vacant(post, count));
        }
    }
    for (post, indices) in &holders {
        if !posts.contains(post) && !reader.is_full() {
            in_roster(reader, indices[0], no_post(post, &posts));
        }
    }
}

fn post_twice(post: &Post) -> Problem {
    let title = &post.title;
    let message = text!(
        "职务 `{title}` 写了两次",
        "the post `{title}` is there twice"
    );
    let hint = text!("两处合并，职数相加", "merge the two and add up their seats");
    Problem::error(Code::DuplicateValue, message).hint(hint)
}

fn no_post(written: &str, posts: &BTreeSet<&str>) -> Problem {
    let known = posts.iter().map(|post| (*post, None));
    let message = text!(
        "机构设置里没有 `{written}` 这个职务",
        "the establishment has no post `{written}`"
    );
    let hint = text!(
        "改成 `establishment` 里的职务名称，或在那里加上这个职务",
        "write a post of `establishment`, or add it there"
    );
    Problem::error(Code::InvalidValue, message)
        .maybe_hint(did_you_mean(written, known))
        .hint(hint)
}

fn vacant(post: &Post, count: usize) -> Problem {
    let (title, min) = (&post.title, post.seats.min);
    let vacant = min as usize - count;
    let message = text!(
        "{title} 空缺 {vacant} 名（应有 {min} 名）",
        "{title}: {vacant} of {min} seats vacant"
    );
    Problem::note(Code::VacantPost, message)
}

fn overfilled(post: &Post, count: usize) -> Problem {
    let (title, max) = (&post.title, post.seats.max);
    let message = text!(
        "{title} 职数 {max} 名，名单上有 {count} 名",
        "{title} has {max} seats, but {count} holders are listed"
    );
    let hint = text!(
        "核对名单，或改正机构设置的职数",
        "correct the roster or the seats of the establishment"
    );
    Problem::error(Code::OverfilledPost, message).hint(hint)
}

fn in_roster(reader: &mut Reader<'_>, index: usize, problem: Problem) {
    reader.report_at(
        &[Step::Key("roster"), Step::Index(index), Step::Key("post")],
        problem,
    );
}

fn in_establishment(reader: &mut Reader<'_>, index: usize, problem: Problem) {
    let post = [
        Step::Key("establishment"),
        Step::Index(index),
        Step::Key("title"),
    ];
    reader.report_at(&post, problem);
}

/// The bounds of China: longitude 73.55–135.08, latitude 3.85–53.55.
fn location(location: &Location, reader: &mut Reader<'_>) {
    let Location {
        longitude,
        latitude,
        ..
    } = location;
    let in_china = |longitude: f64, latitude: f64| {
        (73.55..=135.08).contains(&longitude) && (3.85..=53.55).contains(&latitude)
    };
    if in_china(*longitude, *latitude) {
        return;
    }
    let message = text!(
        "经度 {longitude}、纬度 {latitude} 不在中国境内",
        "longitude {longitude}, latitude {latitude} is not in China"
    );
    let problem = Problem::error(Code::InvalidLocation, message);
    let problem = if in_china(*latitude, *longitude) {
        problem.hint(text!(
            "经度和纬度写反了：应为 `longitude: {latitude}`、`latitude: {longitude}`",
            "the two are swapped: write `longitude: {latitude}`, `latitude: {longitude}`"
        ))
    } else {
        problem.hint(text!(
            "在地图上重新拾取坐标；经度在前，约 73–135",
            "pick the coordinate again; longitude is about 73 to 135"
        ))
    };
    report(reader, "location", problem);
}

fn matters(visit: &Visit, reader: &mut Reader<'_>) {
    for (index, matter) in visit.matters.iter().enumerate() {
        let (Some(count), Some(settled)) = (matter.count, matter.settled) else {
            continue;
        };
        if settled > count {
            let message = text!(
                "已办结 {settled} 件，多于反映的 {count} 件",
                "{settled} settled of only {count} brought up"
            );
            let problem = Problem::error(Code::WrongTotal, message);
            let settled = [
                Step::Key("matters"),
                Step::Index(index),
                Step::Key("settled"),
            ];
            reader.report_at(&settled, problem);
        }
    }
}

fn leads(rota: &Rota, reader: &mut Reader<'_>) {
    let mut first_of_month = BTreeMap::new();
    for (index, turn) in rota.turns.iter().enumerate() {
        let first = *first_of_month.entry(turn.month).or_insert(&turn.lead.id);
        if !std::ptr::eq(first, &turn.lead.id) {
            let (month, lead) = (turn.month.0, &turn.lead.id);
            let message = text!(
                "{month}月有两个轮值组织：`{first}` 和 `{lead}`",
                "month {month} has two lead organizations: `{first}` and `{lead}`"
            );
            let hint = text!(
                "每月只能有一个轮值组织，另一个写入 `partners`",
                "only one leads each month; list the other under `partners`"
            );
            let problem = Problem::error(Code::DuplicateValue, message).hint(hint);
            let month = [Step::Key("turns"), Step::Index(index), Step::Key("month")];
            reader.report_at(&month, problem);
        }
    }
}

fn funds(funds: &Funds, reader: &mut Reader<'_>) {
    for (key, account) in [("budget", &funds.budget), ("spending", &funds.spending)] {
        if let Some(account) = account {
            reader.within(Step::Key(key), |reader| total(account, reader));
        }
    }
}

fn total(account: &Account, reader: &mut Reader<'_>) {
    let amounts = account.items.iter().map(|item| item.amount.0);
    let sum = Money(amounts.fold(0, i64::saturating_add));
    if !account.items.is_empty() && sum != account.total {
        let total = account.total;
        let difference = Money(sum.0.abs_diff(total.0).cast_signed());
        let message = text!(
            "合计 {total} 元，各项相加为 {sum} 元，相差 {difference} 元",
            "the total is {total} yuan, but the items add up to {sum}, a difference of {difference}"
        );
        let hint = text!("核对合计与各项金额", "check the total and the items");
        let problem = Problem::error(Code::WrongTotal, message).hint(hint);
        report(reader, "total", problem);
    }
}
