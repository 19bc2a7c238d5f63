//! Named sites of a few files, each with everything that is said of it and what its pages hold.
//!
//! A case in `tests/suite/` has the site's files and any of these sections:
//!
//! - `diagnostics`: all of them, exactly, in Chinese (`diagnostics en` for English);
//! - `page PATH`: lines that this output file contains; a line `! …` is one that it must not;
//! - `files`: every output file, exactly but for the fingerprints of assets;
//! - `options`: lines such as `drafts`, `as_of 2021-05-20 09:00`, `base_url https://…`.
//!
//! A site without `site.yaml` or theme gets plain ones. `UPDATE=1` rewrites exact sections.

use std::path::Path;

use crate::archive::{Archive, Section, listed, settle};
use crate::folder;
use yugang::compile::{Memo, Options, compile};
use yugang::diag::{Diagnostic, Lang, SourcePath, report};
use yugang::model::date::Moment;
use yugang::model::digest::Digest;
use yugang::model::picture::{Format, Looks};
use yugang::model::snapshot::{Dimensions, InputFile, Media, Snapshot};
use yugang::model::tree::{OutFile, OutPath, OutputTree};

const SITE: &str = "title: 测试站\nbase_url: https://example.org/\nowner: 某街道\n";

const TEXT: [&str; 6] = ["md", "yaml", "yml", "html", "css", "js"];

fn run(path: &Path) {
    let case = Archive::load(path);
    let checked = compile(&snapshot(&case), &options(&case), &mut Memo::default());
    let (tree, diagnostics) = (checked.value, checked.diagnostics);
    let mut actual = case.clone();
    for section in &mut actual.sections {
        match section.name.split_once(' ').unwrap_or((&section.name, "")) {
            ("diagnostics", "en") => section.text = said(&diagnostics, Lang::En),
            ("diagnostics", "") => section.text = said(&diagnostics, Lang::Zh),
            ("files", "") => section.text = files(&tree),
            ("page", path) => check_page(path, &section.text, &tree),
            _ => {}
        }
    }
    let is_told = |section: &Section| section.name.starts_with("diagnostics");
    if !diagnostics.is_empty() && !actual.sections.iter().any(is_told) {
        let told = said(&diagnostics, Lang::Zh);
        actual.sections.push(Section::new("diagnostics", told));
    }
    settle(path, &case, &actual);
}

fn said(diagnostics: &[Diagnostic], lang: Lang) -> String {
    let shown = diagnostics.iter();
    let shown: Vec<_> = shown
        .map(|found| report::human(found, lang, false))
        .collect();
    let lines = shown.join("\n\n");
    lines
        .lines()
        .map(|line| line.trim_end().to_owned() + "\n")
        .collect()
}

fn files(tree: &OutputTree) -> String {
    listed(tree.keys().map(OutPath::as_str))
}

fn check_page(path: &str, wanted: &str, tree: &OutputTree) {
    let Some(page) = tree.get(&OutPath::new(path)).and_then(OutFile::bytes) else {
        panic!(
            "there is no page {path}, but:\n{:#?}",
            tree.keys().collect::<Vec<_>>()
        );
    };
    let page = std::str::from_utf8(&page).unwrap();
    for line in wanted.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix("! ") {
            Some(unwanted) => assert!(!page.contains(unwanted), "{path} has {unwanted}:\n{page}"),
            None => assert!(page.contains(line), "{path} lacks {line}:\n{page}"),
        }
    }
}

fn options(case: &Archive) -> Options {
    let mut options = folder::options();
    let lines = case.section("options").map_or("", |section| &section.text);
    for line in lines.lines() {
        match line.split_once(' ').unwrap_or((line, "")) {
            ("drafts", "") => options.drafts = true,
            ("as_of", moment) => options.as_of = Moment::parse(moment).unwrap().start(),
            ("base_url", url) => options.base_url = Some(url.to_owned()),
            _ => panic!("no option `{line}`"),
        }
    }
    options
}

fn snapshot(case: &Archive) -> Snapshot {
    let mut snapshot = Snapshot::default();
    let files = case.sections.iter().filter(|section| {
        ["content/", "static/", "themes/", "templates/", "site.yaml"]
            .iter()
            .any(|top| section.name.starts_with(top))
    });
    for section in files {
        let path = SourcePath::new(&section.name);
        snapshot
            .files
            .insert(path.clone(), input(&path, section.bytes()));
    }
    let own = |path: &str| {
        case.sections
            .iter()
            .any(|section| section.name.starts_with(path))
    };
    if !own("site.yaml") {
        let site = InputFile::of_bytes(SITE.into());
        snapshot.files.insert(SourcePath::new("site.yaml"), site);
    }
    if !own("themes/") {
        let harbor = folder::themes().filter(|(path, _)| path.starts_with("themes/harbor/"));
        let file = |(path, bytes)| (SourcePath::new(path), InputFile::of_bytes(bytes));
        snapshot.files.extend(harbor.map(file));
    }
    snapshot
}

fn input(path: &SourcePath, bytes: Vec<u8>) -> InputFile {
    let is_static = path.as_str().starts_with("static/");
    let is_theme = path.as_str().starts_with("themes/");
    if (TEXT.contains(&path.extension().as_str()) && !is_static) || is_theme {
        return InputFile::of_bytes(bytes);
    }
    let looks = match path.extension().as_str() {
        "jpg" => Some(Looks::plain(Format::Jpeg)),
        "png" => Some(Looks::plain(Format::Png)),
        "gif" => Some(Looks::plain(Format::Gif)),
        "heic" => Some(Looks::plain(Format::Heif)),
        _ => None,
    };
    // Every file but a damaged one passes for an image of the size that it gives.
    let text = String::from_utf8_lossy(&bytes);
    let size = text.trim().split_once('x');
    let size = size.and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    let (width, height) = size.unwrap_or((64, 48));
    InputFile::Media(Media {
        size: bytes.len() as u64,
        digest: Digest::of(&bytes),
        dimensions: (bytes != b"damaged\n").then_some(Dimensions { width, height }),
        orientation: None,
        looks,
    })
}

crate::case_tests! { "suite", super::run:
    bad_input {
        a_brace_too_many_before_a_word
        a_byte_order_mark_is_read_and_said
        a_filter_on_what_is_inserted_as_it_is
        a_full_width_colon_shows_the_fix
        a_key_written_twice
        a_missing_photo_or_attachment
        a_missing_title_is_an_error
        a_person_without_consent
        a_qr_code_that_is_too_long
        a_sample_key_that_does_not_exist
        a_shared_part_without_end
        a_site_without_content
        a_style_sheet_beside_a_template_with_mistakes
        a_tab_at_the_start_of_a_line_shows_the_fix
        a_template_error_names_template_line_and_entry
        a_template_without_end
        a_theme_without_a_template_or_an_asset
        a_vocabulary_with_mistakes
        a_wrong_type_is_an_error_with_the_expected_form
        addresses_that_are_none
        aliases_and_nesting_that_explode
        an_asset_or_word_that_the_theme_lacks
        an_empty_file_is_an_error
        an_item_template_that_fails_for_sample_ties
        an_item_template_with_a_mistake
        an_unknown_key_is_an_error_with_a_suggestion
        an_unknown_reference_is_an_error_with_a_suggestion
        any_line_ends_are_read
        attachments_that_tell_where_they_were_taken
        dates_and_lists_that_are_likely_mistakes
        dates_that_have_not_come
        deploy_targets_that_are_wrong
        every_problem_of_every_file_at_once
        every_template_that_cannot_be_parsed_is_told
        every_thing_that_no_template_can_call
        files_in_unexpected_places
        files_that_no_entry_uses
        full_width_characters_between_braces
        fund_totals_that_do_not_add_up
        gbk_is_read_and_said
        images_that_no_browser_shows
        impossible_dates_are_errors_with_the_numbers
        invisible_characters
        items_separated_by_chinese_punctuation
        malformed_yaml_is_explained
        messages_in_english
        missing_front_matter_is_an_error
        mistakes_after_words_on_their_line
        more_holders_than_seats
        more_levels_than_a_page_can_show
        names_that_do_not_work_everywhere
        organizations_that_lead_back_to_themselves
        paths_that_are_file_and_folder
        references_to_a_broken_file_are_not_reported
        references_to_a_vocabulary_that_cannot_be_parsed
        site_settings_that_are_wrong
        style_sheets_and_scripts_with_mistakes
        swapped_longitude_and_latitude
        synonyms_that_are_no_groups
        synonyms_with_mistakes
        templates_rendered_once_with_mistakes
        templates_that_include_themselves
        two_entries_for_one_url
        two_lead_organizations_for_one_month
        undecodable_bytes_are_an_error_at_their_place
        words_that_the_theme_lacks
    }
    calendar {
        a_month_with_more_than_fits_into_its_days
        a_site_without_anything_has_no_empty_headings
        an_event_of_some_days_is_on_each_of_them
        events_are_listed_by_time_and_repeats_do_not_crowd
        meetings_that_were_due_are_missing_only_where_wanted
        tasks_of_a_rota_and_what_it_does_not_say
        years_without_any_meeting_are_missing_too
        years_without_any_meeting_are_silent_without_gaps
    }
    linking {
        a_long_list_has_pages_numbered_from_the_oldest
        a_site_overrides_templates_file_by_file
        a_site_under_a_sub_path
        an_entry_knows_what_refers_to_it
        assets_of_a_theme
        breadcrumbs_follow_the_organizations
        disclosure_shows_what_is_written_and_no_more
        drafts_and_entries_not_due_are_not_published
        drafts_on_request
        files_named_with_percent_signs_and_spaces
        links_by_file_id_path_and_fragment
        links_that_end_in_index_html
        links_that_lead_nowhere
        links_to_pages_that_are_not_public_now
        lists_are_called_what_the_navigation_calls_them
        organizations_as_a_tree_and_what_they_cover
        pages_that_the_tool_makes_cannot_be_overwritten
        photos_in_several_sizes
        posts_turns_and_events_of_an_organization
        reports_lead_to_others_near_them
        samples_are_marked_wherever_they_show
        static_files_are_copied
        templates_rendered_once_are_shown_on_every_page
        text_is_escaped_everywhere
        the_timeline_and_numbers_of_a_project
        values_are_shown_as_they_were_written
    }
    markdown {
        a_body_of_everything
        character_references_are_no_marks
        headings_without_a_space
        raw_html_that_is_removed_is_told
    }
    programs {
        calendars_hold_events_as_rules
        calendars_of_a_zone_that_changes_its_clocks
        data_by_kind_and_year
        feeds_tell_of_what_refers_to_an_entry
        files_for_programs_are_known_to_links
        synonyms_are_written_in_either_style
        publication_is_told_only_where_it_is_written
        what_machines_are_told_is_in_the_entry
    }
    stations {
        a_station_with_nothing_but_its_name
        events_at_a_station_that_are_not_over
        hours_places_and_rooms_of_a_station
    }
}
