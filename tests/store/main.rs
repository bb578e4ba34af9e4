//! The contract of the store, run on SQLite and on PostgreSQL alike.
//!
//! Each case is an async function of a fresh store; the macro at the end makes one test of it for each database.

#![expect(clippy::unwrap_used, reason = "a test that meets an error has failed")]

mod cases;
mod door;
mod erased;
mod figures;
mod inbox;
mod migrations;
mod pages;
mod programs;
mod slow;
mod support;
mod texts;
mod years;

macro_rules! on_both {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test] async fn $case() { crate::support::on_sqlite(crate::cases::$case).await; })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
              async fn $case() { crate::support::on_postgres(crate::cases::$case).await; })*
        }
    };
}

on_both!(
    every_statement_is_accepted,
    a_first_letter_starts_one_enquiry_and_queues_one_acknowledgement,
    the_same_delivery_again_changes_nothing,
    the_same_bytes_by_another_way_are_a_duplicate,
    the_same_letter_in_other_bytes_is_a_duplicate,
    a_later_letter_of_a_group_sees_the_earlier_one,
    a_large_group_is_filed_as_its_letters_would_be_alone,
    a_group_knows_its_own_duplicates,
    a_group_that_is_dropped_is_filed_whole_or_not_and_holds_nobody_up,
    what_is_known_reaches_the_desk,
    a_reference_that_is_taken_is_drawn_again,
    a_group_that_fails_leaves_nothing,
    hostile_characters_are_stored,
    a_claim_is_exclusive_and_runs_out,
    an_acknowledgement_goes_through_its_states,
    a_restart_releases_what_was_claimed,
    what_a_dead_node_had_claimed_is_taken_over,
    a_bounce_marks_the_letter_and_the_address,
    a_cursor_never_goes_back_under_one_uidvalidity,
    filed_uids_are_those_of_one_uidvalidity,
    a_lease_is_held_by_one,
    two_nodes_filing_the_same_letter_file_it_once,
    the_raw_letter_is_kept_unaltered,
    the_ledger_adds_up_while_letters_pour_in,
    a_letter_that_the_database_refuses_costs_only_itself,
    a_store_that_is_gone_files_nothing_and_says_so,
    a_text_is_known_by_its_number,
    a_conversation_leads_to_its_enquiries,
    what_nobody_can_answer_is_in_the_ledger,
    a_number_that_wants_no_texts_gets_none,
    a_text_that_was_on_its_way_is_never_claimed_again,
    a_report_moves_forward_only,
    a_report_that_overtakes_the_answer_finds_its_text,
    a_reply_reserves_its_segments,
    parts_wait_and_are_remembered,
    a_form_becomes_an_enquiry_with_a_receipt,
    a_form_can_be_acknowledged_by_text_or_by_nothing,
    only_the_form_and_the_page_lead_to_their_enquiry,
    the_same_words_in_two_forms_are_two,
    an_address_given_in_a_form_is_one_of_that_enquiry_alone,
    a_forms_files_are_kept_within_limits,
    all_nodes_have_one_secret,
    a_private_page_opens_holds_and_ends,
    wrong_words_close_a_link,
    a_code_opens_once_and_is_kept_nowhere,
    a_page_shows_what_was_written_there_and_nothing_else,
    consent_and_promises_keep_their_history,
);

#[tokio::test]
async fn the_ledger_sees_a_row_that_is_missing() {
    support::on_sqlite(cases::the_ledger_sees_a_row_that_is_missing).await;
}

#[tokio::test]
async fn the_ledger_sees_a_letter_that_was_altered() {
    support::on_sqlite(cases::the_ledger_sees_a_letter_that_was_altered).await;
}

/// The inbox, likewise.
mod inbox_on {
    macro_rules! on_both {
        ($($case:ident),* $(,)?) => {
            mod sqlite {
                $(#[tokio::test] async fn $case() { crate::support::on_sqlite(crate::inbox::$case).await; })*
            }
            mod postgres {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                  async fn $case() { crate::support::on_postgres(crate::inbox::$case).await; })*
            }
        };
    }

    on_both!(
        an_account_signs_in_and_its_time_ends,
        wrong_passwords_close_a_login_for_longer_and_longer,
        a_link_and_a_step_work_once,
        a_passkey_is_written_only_in_place_of_what_it_was,
        the_log_adds_up_and_shows_what_was_altered,
        many_write_to_the_log_at_once,
        every_view_and_filter_is_accepted,
        what_is_due_comes_first_and_a_step_is_undone,
        a_substitute_sees_new_enquiries_and_granted_ones_only,
        a_letter_is_split_and_the_parts_share_its_conversation,
        splitting_is_undone,
        a_substitute_reads_no_old_case_through_a_new_one,
        nothing_is_ended_over_a_message_that_nobody_saw,
        another_has_answered_and_acts_are_ones_own,
        a_notice_leaves_the_draft_alone_and_what_is_taken_back_is_owed,
        after_closing_the_adviser_reopens_or_not,
        an_answer_is_queued_once_and_taken_back_while_it_waits,
        what_waits_on_the_shelf_is_decided_and_the_ledger_adds_up,
        a_call_is_entered_once_and_counts,
        two_persons_become_one_and_two_again,
        ending_is_undone_and_never_over_what_came_since,
        words_are_found_in_their_forms,
        a_reminder_raises_what_is_due,
    );
}

/// Programs, likewise.
mod programs_on {
    macro_rules! on_both {
        ($($case:ident),* $(,)?) => {
            mod sqlite {
                $(#[tokio::test] async fn $case() { crate::support::on_sqlite(crate::programs::$case).await; })*
            }
            mod postgres {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                  async fn $case() { crate::support::on_postgres(crate::programs::$case).await; })*
            }
        };
    }
    on_both!(
        a_token_holds_until_it_ends_by_any_way,
        a_program_sees_what_its_account_sees,
        what_happens_waits_to_be_told_until_it_is,
        nodes_share_what_is_to_be_told,
    );
}

/// Figures, likewise.
mod figures_on {
    mod sqlite {
        #[tokio::test]
        async fn every_figure_is_counted_twice() {
            crate::support::on_sqlite(crate::figures::every_figure_is_counted_twice).await;
        }
    }
    mod postgres {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn every_figure_is_counted_twice() {
            crate::support::on_postgres(crate::figures::every_figure_is_counted_twice).await;
        }
    }
}

/// Years, likewise.
mod years_on {
    macro_rules! on_both {
        ($($case:ident),* $(,)?) => {
            mod sqlite {
                $(#[tokio::test] async fn $case() { crate::support::on_sqlite(crate::years::$case).await; })*
            }
            mod postgres {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                  async fn $case() { crate::support::on_postgres(crate::years::$case).await; })*
            }
        };
    }

    on_both!(
        earlier_years_come_in_whole_and_go_out_whole,
        words_of_a_year_are_not_written_over,
        a_year_is_closed_once,
        activities_are_counted_by_their_day,
        an_erased_person_leaves_counts_alone,
    );
}

/// Erasing, likewise.
mod erased_on {
    mod sqlite {
        #[tokio::test]
        async fn an_erased_person_is_nowhere() {
            crate::support::on_sqlite(crate::erased::an_erased_person_is_nowhere).await;
        }
    }
    mod postgres {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn an_erased_person_is_nowhere() {
            crate::support::on_postgres(crate::erased::an_erased_person_is_nowhere).await;
        }
    }
}
