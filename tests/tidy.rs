//! The style that matters, as tests: direction of dependencies, sizes, names, banned calls, words,
//! licences.
//!
//! A rule that is only written down is broken by the third change. These read the whole tree, name every
//! violation at once with file and line, and cost seconds. What a rule is for stands beside it in
//! `tidy/`; each is seen failing on a small text there.

mod tidy {
    pub mod calls;
    pub mod errors;
    pub mod finding;
    pub mod licences;
    pub mod manifests;
    pub mod names;
    pub mod paths;
    pub mod project;
    pub mod sizes;
    pub mod source;
    pub mod tree;
    pub mod windows;
    pub mod words;
}

use tidy::finding::{Finding, assert_none};
use tidy::tree::{TextFile, Tree};
use tidy::{calls, errors, licences, manifests, names, paths, project, sizes, windows, words};

fn every_file(rule: fn(&TextFile) -> Vec<Finding>) {
    assert_none(Tree::here().files.iter().flat_map(rule).collect());
}

#[test]
fn packages_use_only_whom_they_may() {
    let tree = Tree::here();
    let metadata = project::own_packages(tree).unwrap();
    assert_none(manifests::edges(&metadata, tree));
}

#[test]
fn layers_keep_their_secrets() {
    every_file(manifests::secrets_of_layers);
}

#[test]
fn windows_may_do_what_the_table_says() {
    assert_none([windows::capabilities(Tree::here()), windows::policy(Tree::here())].concat());
}

#[test]
fn every_dependency_says_what_it_is_for() {
    every_file(manifests::reasons);
}

#[test]
fn every_licence_is_permissive() {
    let metadata = project::all_packages(Tree::here()).unwrap();
    assert_none(licences::licences(&metadata));
}

#[test]
fn files_functions_and_lines_are_short() {
    every_file(sizes::sizes);
}

#[test]
fn every_file_opens_with_what_it_is() {
    every_file(sizes::opening);
}

#[test]
fn names_are_nouns_of_the_trade() {
    every_file(names::names);
}

#[test]
fn units_stand_last() {
    every_file(names::units);
}

#[test]
fn a_module_refuses_with_one_enum() {
    every_file(errors::errors);
}

#[test]
fn no_banned_call() {
    every_file(calls::calls);
}

#[test]
fn documents_name_what_is_there() {
    let tree = Tree::here();
    assert_none(tree.files.iter().flat_map(|file| paths::paths(file, tree)).collect());
}

#[test]
fn text_tells_neither_history_nor_machine() {
    every_file(words::words);
}

#[test]
fn the_readme_and_ci_name_the_commands() {
    assert_none(project::commands(Tree::here()));
}

#[test]
fn nothing_made_is_under_version_control() {
    assert_none(project::nothing_made(Tree::here()));
}
