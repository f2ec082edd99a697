"""Which test injects which of the 44 faults: every one has a test, and every test that is named is there."""

from __future__ import annotations

import ast
import csv
import os
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
SAME = "faults/test_same_report_on_any_machine.py"
DISK = "faults/test_disk_and_paths.py"
PAIR = "faults/test_two_at_once.py"
FILES = "faults/test_memory_and_files.py"
AGAIN = "faults/test_made_again.py"
STOPS = "faults/test_notebooks_that_stop.py"
SCREEN = "faults/test_display_and_fonts.py"
DRAWS = "faults/test_draws_go_on.py"
DRAFT = "faults/test_drafts_and_refusals.py"
WHOLE = "report/test_whole_or_nothing.py"
INJECTED: dict[str, list[tuple[str, str]]] = {
    "F01": [
        (WHOLE, "test_a_writer_that_is_killed_leaves_the_old_report_or_a_whole_new_one"),
        (WHOLE, "test_leftovers_of_the_dead_are_removed_and_those_of_the_living_stay"),
        (
            "faults/test_killed_at_twenty_moments.py",
            "test_a_writer_killed_at_twenty_moments_five_times_over_leaves_a_whole_report",
        ),
    ],
    "F02": [(DRAWS, "test_a_bootstrap_killed_at_any_part_goes_on_and_ends_with_the_same_bits")],
    "F03": [(STOPS, "test_an_interrupt_in_the_middle_leaves_no_half_object_and_the_files_as_before")],
    "F04": [(STOPS, "test_an_error_in_step_seven_of_twelve_publishes_nothing_and_names_cell_and_step")],
    "F05": [(STOPS, "test_cells_out_of_order_or_twice_say_what_is_missing_or_give_the_same")],
    "F06": [(STOPS, "test_a_kernel_started_again_on_the_same_folder_writes_the_same_report")],
    "F07": [
        (DISK, "test_a_disk_with_room_for_one_megabyte_keeps_the_old_report"),
        (WHOLE, "test_a_disk_that_is_full_leaves_the_old_report_and_says_so_without_a_path"),
    ],
    "F08": [
        (DISK, "test_a_folder_nobody_may_write_in_is_told_before_anything_is_reckoned"),
        (DISK, "test_a_notebook_is_not_begun_when_its_reports_cannot_be_written"),
    ],
    "F09": [(DISK, "test_a_folder_deleted_during_the_run_is_said_and_made_again_by_the_next")],
    "F10": [(DISK, "test_sixty_four_open_files_are_enough_and_every_file_is_closed")],
    "F11": [
        (DISK, "test_a_name_too_long_for_the_disk_is_a_problem_and_no_crash"),
        (DISK, "test_a_deep_folder_of_odd_letters_is_written_and_read"),
    ],
    "F12": [(DISK, "test_two_labels_that_differ_by_case_are_two_files_in_the_manifest")],
    "F13": [
        (PAIR, "test_two_writers_of_one_report_come_one_after_the_other"),
        (PAIR, "test_two_writers_of_one_report_twenty_times"),
        (PAIR, "test_a_lock_of_the_living_is_waited_for_and_then_named"),
    ],
    "F14": [(PAIR, "test_a_lock_of_the_dead_is_taken_over_with_its_process_and_time")],
    "F15": [
        (PAIR, "test_a_reader_sees_whole_files_during_fifty_rewrites"),
        (PAIR, "test_a_reader_of_real_reports_sees_whole_ones_during_fifty_rewrites"),
    ],
    "F16": [(PAIR, "test_children_of_a_process_that_has_drawn_and_reckoned_give_the_same_bits")],
    "F17": [(DISK, "test_a_folder_held_by_a_cloud_drive_is_tried_again_and_then_stood_beside")],
    "F18": [
        (FILES, "test_a_file_that_changes_while_it_is_read_is_refused_with_both_times"),
        (FILES, "test_a_file_that_is_empty_and_then_filled_is_refused_and_afterwards_read"),
    ],
    "F19": [(FILES, "test_copies_made_by_cloud_drives_are_told_without_the_names_of_people_or_computers")],
    "F20": [(FILES, "test_a_file_larger_than_memory_is_refused_before_it_is_read")],
    "F21": [(FILES, "test_too_little_memory_in_a_fit_is_said_and_nothing_half_is_kept")],
    "F22": [
        (FILES, "test_figures_are_forgotten_when_nobody_holds_them"),
        (FILES, "test_two_hundred_figures_leave_no_memory_behind"),
    ],
    "F23": [
        (SAME, "test_any_language_of_the_process_writes_the_same_report"),
        (SAME, "test_no_file_is_opened_in_the_language_of_the_machine"),
    ],
    "F24": [(SAME, "test_an_old_console_of_windows_gets_question_marks_and_no_crash")],
    "F25": [(SAME, "test_any_zone_at_any_moment_writes_the_same_report")],
    "F26": [(SAME, "test_the_page_has_a_decimal_comma_and_the_file_for_machines_a_point")],
    "F27": [(SCREEN, "test_without_screen_home_or_folder_for_settings_the_report_is_whole")],
    "F28": [(SCREEN, "test_without_the_houses_font_letters_are_drawn_in_another_and_that_is_said_once")],
    "F29": [(SCREEN, "test_without_screen_home_or_folder_for_settings_the_report_is_whole")],
    "F30": [
        ("show/test_drawn_numbers.py", "test_lines_differ_by_dash_and_areas_by_hatch_so_that_grey_is_enough"),
        ("show/test_layout.py", "test_graphics_have_three_to_one_and_text_four_and_a_half_to_one"),
    ],
    "F31": [(DISK, "test_names_from_windows_shares_work_on_every_disk")],
    "F32": [
        (DISK, "test_a_folder_is_one_however_its_letters_are_stored"),
        (DISK, "test_labels_become_names_that_every_disk_tells_apart"),
    ],
    "F33": [
        (DISK, "test_labels_become_names_that_every_disk_tells_apart"),
        (DISK, "test_a_folder_no_windows_can_have_is_refused"),
        ("report/test_hostile_text.py", "test_a_name_that_is_no_file_name_everywhere_is_refused"),
    ],
    "F34": [(DISK, "test_a_link_in_the_reports_place_is_refused_and_what_it_leads_to_stays")],
    "F35": [
        (SAME, "test_every_kernel_writes_the_same_report_and_numbers_within_a_billionth"),
        (SAME, "test_twice_on_two_kernels_in_three_zones_two_languages_and_shuffled_rows_is_one_report"),
    ],
    "F36": [(SAME, "test_any_number_of_threads_and_any_hash_seed_write_the_same_report")],
    "F37": [
        (SAME, "test_twenty_orders_of_rows_and_columns_write_the_same_report"),
        (SAME, "test_twice_on_two_kernels_in_three_zones_two_languages_and_shuffled_rows_is_one_report"),
    ],
    "F38": [("faults/test_other_versions.py", "test_other_versions_give_the_same_numbers")],
    "F39": [
        (AGAIN, "test_another_package_is_named_with_both_versions_and_that_no_number_moved"),
        (AGAIN, "test_another_package_and_numbers_that_moved_are_told_together"),
    ],
    "F40": [(DRAWS, "test_without_a_seed_nothing_is_drawn_and_a_seed_is_said_in_table_and_manifest")],
    "F41": [(AGAIN, "test_changed_data_are_named_by_checksum_and_the_numbers_that_moved_by_place")],
    "F42": [(DRAFT, "test_a_no_or_an_error_at_the_gate_leaves_nothing_in_the_folder")],
    "F43": [
        (DRAFT, "test_every_file_page_figure_and_name_of_a_draft_says_so"),
        (DRAFT, "test_figures_of_a_draft_bear_the_mark_whether_released_or_not"),
    ],
    "F44": [(AGAIN, "test_a_report_older_than_its_data_or_code_says_so_with_dates")],
}


@cache
def functions_of(file: str) -> frozenset[str]:
    """The functions of a file of tests."""
    path = TESTS / file
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_fault_has_a_test() -> None:
    assert list(INJECTED) == [f"F{number:02}" for number in range(1, 45)]
    assert all(INJECTED.values())


@pytest.mark.parametrize("fault", INJECTED)
def test_every_test_that_is_named_is_there(fault: str) -> None:
    for file, name in INJECTED[fault]:
        assert name in functions_of(file), f"{file} has no {name}"


def test_the_list_of_faults_is_the_one_that_was_agreed() -> None:
    """The list lies outside the project; where it is named, both must have the same faults."""
    place = os.environ.get("NAVOUTCOMES_FAULTS")
    if not place:
        pytest.skip("NAVOUTCOMES_FAULTS names no list of faults")
    with Path(place).open(encoding="utf-8", newline="") as handle:
        assert [row["id"] for row in csv.DictReader(handle)] == list(INJECTED)


def test_a_test_that_is_not_there_is_caught() -> None:
    assert "test_nothing" not in functions_of(DISK)
    assert functions_of("faults/nowhere.py") == frozenset()
