"""The first reading of a file: every report is checked and put aside; the first faults are kept and all are counted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from partners.laboratory.lines import Lines
from partners.laboratory.party import event_id_of
from partners.laboratory.reports import Read, read_reports
from partners.laboratory.spool import Place, Spool
from partners.office.faults import Fault, FaultyInputError
from partners.person import Person
from shared.contracts import PartnerEvent, ResultReported
from shared.workdays import day_in_china

MOST_SHOWN = 50
_STEP = 500


@dataclass(slots=True)
class Checked:
    """What the first reading found."""

    lines: Lines
    faults: list[Fault] = field(default_factory=list)
    """The first of them."""
    fault_count: int = 0
    without_day: int = 0
    """Reports whose column of the day of production holds something else."""

    def blame(self, *faults: Fault) -> None:
        """Count faults and keep the first."""
        self.fault_count += len(faults)
        self.faults += faults[: MOST_SHOWN - len(self.faults)]

    def remarks(self) -> list[str]:
        """What the person should know, though it is no fault."""
        remarks = [f"left out: {column}" for column in self.lines.left_out]
        if self.without_day:
            remarks.append(f"{self.without_day} report(s) name no day of production in the column for day or batch.")
        return remarks


@dataclass(frozen=True, slots=True)
class Check:
    """How a file is checked."""

    laboratory: Person
    region: str
    as_event: Callable[[ResultReported], PartnerEvent] = lambda report: report
    """What is told of each report."""
    on_row: Callable[[int], None] = lambda _: None
    """Called with the number of the row that was reached."""
    again: bool = False
    """Whether what was refused is to be said once more."""

    def file(self, lines: Lines, spool: Spool) -> Checked:
        """Read a whole file into the spool; nothing may be sent where faults were found."""
        checked = Checked(lines)
        seed = self.laboratory.settings.seed_of(self.laboratory.user)
        count = 0
        try:
            for read in read_reports(lines, day_in_china(datetime.now(UTC))):
                count += 1
                self._take(read, checked, spool, seed)
                if count % _STEP == 0:
                    self.on_row(read.numbers[-1])
        except FaultyInputError as error:
            checked.blame(*error.faults)
        if not count and not checked.faults:
            checked.blame(Fault(str(lines.path), "holds no report."))
        return checked

    def _take(self, read: Read, checked: Checked, spool: Spool, seed: str) -> None:
        checked.blame(*read.faults)
        checked.without_day += read.no_day
        content, event_id, kind = "", "", ""
        if read.report is not None:
            event = self.as_event(read.report)
            content = read.content if event is read.report else event.model_dump_json()
            kind = event.TYPE
            event_id = spool.attempt(
                lambda n: event_id_of(self.laboratory.user, seed, event, self.region, content, n), again=self.again
            )
        place = Place(read.report_no or None, read.sample_no or None, read.numbers, read.name)
        if before := spool.add(event_id, kind, content, place):
            text = (
                f"sample {read.sample_no} or report {read.report_no} stands in {before} already; the rows of one "
                "sample stand together, under one report."
            )
            checked.blame(Fault(read.place, text))
