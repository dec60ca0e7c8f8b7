"""``shian case``: what officers and the head of the agency do in a case, each under their own key."""

from partners.office.command import Given, command, from_file
from partners.office.documents import event_of
from partners.office.evidence import keep
from shared.contracts import (
    BulletinIssued,
    CaseClockCorrected,
    CaseClosed,
    CaseFacts,
    GoodsHandedOver,
    GoodsReleased,
    GoodsSeized,
    HeadApproved,
    HeadRefused,
    MajorCaseFlagged,
    PenaltyDecided,
    PenaltyPublished,
    ReconsiderationRequested,
    ReportSigned,
    ReportWithdrawn,
    SupervisionSuggested,
    TransferSent,
)

STEP = (
    Given("case_no", "CASE", "The case's number, such as C-7Q2M4ZK3XAWB."),
    Given("version", "--version", "The version in which you saw the case, as `shian case show` prints it."),
    Given("at", "--at", "When; now, where it is left out.", is_now=True),
)
WHY = Given("why", "--why", "The reason, in writing; no names and no personal numbers, write P1 as the report does.")
_DOSSIER = Given(
    "dossier", "--dossier", "The digest of the dossier that you looked at, as `shian case show` prints it."
)

sign = command(ReportSigned, "Sign another officer's report on a case, over the dossier as it stands.", *STEP, _DOSSIER)

withdraw = command(ReportWithdrawn, "Take a report back, before the head of the agency has decided.", *STEP, WHY)

approve = command(
    HeadApproved, "Approve the transfer of a case to the police, as the head of the agency.", *STEP, _DOSSIER
)

refuse = command(HeadRefused, "Refuse the transfer of a case, as the head of the agency, with the reason.", *STEP, WHY)

transfer = command(
    TransferSent,
    "Hand an approved case over to the police of the same level (移送), within 24 hours.",
    *STEP,
    _DOSSIER,
)

reconsider = command(
    ReconsiderationRequested, "Ask the police to reconsider that they do not file a case (复议).", *STEP, WHY
)

suggest = command(
    SupervisionSuggested,
    "Suggest to the procuratorate that it supervises the filing of a case (立案监督).",
    *STEP,
    WHY,
)

hand_over = command(
    GoodsHandedOver,
    "Say that the goods of a filed case were handed over to the police.",
    *STEP,
    Given("receipt", "--receipt", "The signed list (交接清单), a file; it is kept with the evidence.", read=keep),
)

seize = command(
    GoodsSeized,
    "Say that goods of a case were sealed or seized.",
    *STEP,
    Given("papers", "--papers", "The decision (查封、扣押决定书), a file; it is kept with the evidence.", read=keep),
)

release = command(
    GoodsReleased,
    "Say what became of seized goods.",
    *STEP,
    Given("outcome", "--outcome", "given_back, destroyed or sold."),
)

publish = command(
    PenaltyPublished,
    "Say that a penalty was published.",
    *STEP,
    Given("penalty_no", "--penalty", "The number of the decision (文书号)."),
)

flag = command(MajorCaseFlagged, "Flag a major case for joint supervision (联合督办).", *STEP, WHY)

penalise = from_file(
    PenaltyDecided,
    "Decide a penalty on an operator and on persons (处罚到人); no fine takes the place of a transfer.",
    "The decision, TOML or JSON: case_no, version, at, penalty_no, operator, kinds, amounts, persons, law.",
    lambda file, _: [event_of(PenaltyDecided, file)],
)

bulletin = command(
    BulletinIssued,
    "Release an ended case as a typical one, as the head of the agency; it is published without any name.",
    *STEP,
    Given("lesson", "--lesson", "What is to be learnt from it, in writing; no names and no numbers."),
)

close = command(CaseClosed, "Close a case of which nothing is under way.", *STEP, WHY)

correct_clock = command(
    CaseClockCorrected,
    "Give a case's clock another end: an extension, or a start that was entered wrongly.",
    Given("clock", "CLOCK", "The clock, as `shian case show` names it."),
    Given("due", "--due", "The new end, such as 2026-03-09 17:00."),
    WHY,
)

facts = command(
    CaseFacts,
    "State facts of a case that no laboratory measures; the rules of referral look at them at once.",
    *STEP,
    Given("sales_yuan", "--sales", "What was sold or made, in yuan (生产、销售金额)."),
    Given("gain_yuan", "--gain", "The unlawful gain, in yuan (违法所得)."),
    Given("months", "--months", "For how many whole months it went on."),
    Given("meat", "--meat", "sick, dead, cause_of_death_unknown, not_inspected or failed_inspection."),
    Given("banned_for_disease_control", "--banned-for-disease", "Banned by the State against a disease: yes or no."),
    Given("nutrients_seriously_off", "--nutrients-off", "An infant or special food seriously lacks nutrients: yes/no."),
    Given("can_cause_serious_harm", "--harmful", "An expert opinion says it can cause serious illness: yes or no."),
    Given("expired_or_recalled_reused", "--reused", "Expired or recalled food was used or dated again: yes or no."),
    Given("illegal_trade", "--illegal-trade", "slaughter, banned_drugs or non_food_material."),
    Given("place_kind", "--place", "school, kindergarten, elder_home, near_school or none."),
    Given("for_infants_or_patients", "--for-infants", "Mainly for infants, or special medical food: yes or no."),
    Given("earlier_penalty", "--repeat", "A penalty or conviction of the kind within two years: yes or no."),
    Given("no_purchase_vouchers", "--no-vouchers", "No purchase vouchers can be shown: yes or no."),
    Given("price_clearly_below_market", "--cheap", "The price was clearly below the market's: yes or no."),
    Given("sold_after_warning", "--sold-after-warning", "Still sold after a ban or a warning: yes or no."),
    Given("deaths", "--deaths", "People who died."),
    Given("seriously_injured", "--serious-injuries", "People seriously injured."),
    Given("lightly_injured", "--light-injuries", "People lightly injured."),
    Given("severely_poisoned", "--poisoned", "People severely poisoned."),
    Given("evidence", "--evidence", "SHA-256 of the items that show it, one after another."),
)
