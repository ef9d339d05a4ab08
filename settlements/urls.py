"""Routes of settlements under /v1."""

from django.urls import URLPattern, path

from settlements.api.books import AdvanceTestClock, CloseBook
from settlements.api.claims import Claim, Claims
from settlements.api.exports import DownloadExport, Export, Exports
from settlements.api.statements import ApproveStatement, RejectStatement, Statement, StatementLines, Statements

urlpatterns: list[URLPattern] = [
    path("books/close", CloseBook.as_view()),
    path("test_clock/advance", AdvanceTestClock.as_view()),
    path("statements", Statements.as_view()),
    path("statements/<str:statement_id>", Statement.as_view()),
    path("statements/<str:statement_id>/lines", StatementLines.as_view()),
    path("statements/<str:statement_id>/approve", ApproveStatement.as_view()),
    path("statements/<str:statement_id>/reject", RejectStatement.as_view()),
    path("exports", Exports.as_view()),
    path("exports/<str:export_id>", Export.as_view()),
    path("exports/<str:export_id>/download", DownloadExport.as_view()),
    path("trade_in_claims", Claims.as_view()),
    path("trade_in_claims/<str:claim_id>", Claim.as_view()),
]
