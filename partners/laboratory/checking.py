"""The first reading of a file: every report is checked and put aside; the first faults are kept and all are counted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from partners.asking.checking import put_aside
from partners.asking.request import Place, Request
from partners.asking.spool import Spool
from partners.laboratory.lines import Lines
from partners.laboratory.reports import read_reports
from partners.person import Person
from partners.tables.faults import Fault, Faults
from shared.contracts import PartnerEvent, ResultReported
from shared.workdays import day_in_china


@dataclass(slots=True)
class Checked:
    """What the first reading found."""

    lines: Lines
    faults: Faults = field(default_factory=Faults)
    without_day: int = 0
    """Reports whose column of the day of production holds something else."""

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
        requests = self._requests(lines, checked)
        checked.faults = put_aside(requests, spool, self.laboratory, again=self.again, on_row=self.on_row)
        if not spool.total() and not checked.faults.count:
            checked.faults.blame(Fault(str(lines.path), "holds no report."))
        return checked

    def _requests(self, lines: Lines, checked: Checked) -> Iterator[Request]:
        for read in read_reports(lines, day_in_china(datetime.now(UTC))):
            checked.without_day += read.no_day
            event = None if read.report is None else self.as_event(read.report)
            place = Place(read.report_no or None, read.sample_no or None, read.numbers, read.name, read.place)
            yield Request(event, self.region, place, read.faults)
