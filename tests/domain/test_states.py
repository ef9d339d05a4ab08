"""States: every legal move of every noun, and no other."""

import pytest

from domain import campaign_states, claim_states, plan_states, serial_states, statement_states
from domain.states import IllegalMove

LEGAL = {
    (plan_states, plan_states.PlanState, plan_states.PlanMove): """
        pending authorise authorised / pending decline declined / pending cancel cancelled / pending expire expired /
        authorised cancel cancelled / authorised expire expired / authorised capture captured /
        captured refund_part part_refunded / captured refund_whole refunded / captured complete completed /
        part_refunded refund_part part_refunded / part_refunded refund_whole refunded /
        part_refunded complete completed""",
    (campaign_states, campaign_states.CampaignState, campaign_states.CampaignMove): """
        draft submit in_review / in_review return_to_draft draft / in_review approve scheduled /
        scheduled launch live / live pause paused / paused resume live / live exhaust exhausted /
        exhausted replenish live / scheduled end ended / live end ended / paused end ended / exhausted end ended /
        ended archive archived""",
    (statement_states, statement_states.StatementState, statement_states.StatementMove): """
        open compute computing / computing finish computed / computed submit in_review / in_review reject computed /
        in_review approve approved / approved pay paying / part_paid pay paying / failed pay paying /
        paying confirm_paid paid / paying confirm_part part_paid / paying fail failed / paid reconcile reconciled /
        part_paid reconcile reconciled / failed reconcile reconciled / computed carry carried /
        approved carry carried""",
    (claim_states, claim_states.ClaimState, claim_states.ClaimMove): """
        collecting submit submitted / submitted accept accepted / submitted reject rejected /
        submitted dispute disputed / disputed accept accepted / disputed reject rejected / accepted pay paid /
        disputed pay paid / paid return returned / collecting withdraw withdrawn / submitted withdraw withdrawn /
        accepted withdraw withdrawn / disputed withdraw withdrawn""",
    (serial_states, serial_states.SerialState, serial_states.SerialMove): """
        free hold held / released hold held / held lock locked / locked redeem redeemed / held release released /
        locked release released / redeemed release released""",
}


def table(text):
    return {tuple(entry.split()[:2]): entry.split()[2] for entry in text.split("/")}


@pytest.mark.parametrize(("noun", "text"), LEGAL.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_the_table_is_the_design_and_nothing_else(noun, text):
    module, states, moves = noun
    legal = table(text)

    for state in states:
        for move in moves:
            expected = legal.get((state.value, move.value))
            if expected is None:
                with pytest.raises(IllegalMove) as refused:
                    module.move(state.value, move)
                assert refused.value.figures["state"] == state.value
            else:
                assert module.move(state.value, move) == expected


def test_an_illegal_move_says_what_was_tried():
    with pytest.raises(IllegalMove) as refused:
        plan_states.move("expired", plan_states.PlanMove.CAPTURE)

    assert refused.value.code == "illegal_move"
    assert refused.value.figures == {"noun": "plan", "state": "expired", "move": "capture"}


def test_a_final_plan_state_is_left_by_no_move():
    for state in plan_states.FINAL:
        for move in plan_states.PlanMove:
            with pytest.raises(IllegalMove):
                plan_states.move(state, move)
