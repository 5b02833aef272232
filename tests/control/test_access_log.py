"""The line that the log has of each request."""

import time
from typing import Any

from twisted.trial.unittest import SynchronousTestCase
from twisted.web.test.requesthelper import DummyRequest

from txqga.control._access_log import access_line


class AccessLineTests(SynchronousTestCase):
    def test_date(self) -> None:
        """
        A request is dated by the day that it is.
        """
        request: Any = DummyRequest([b"v1"])
        request.clientproto = b"HTTP/1.1"
        request.uri = b"/v1/guests"
        request.method = b"GET"
        request.code = 200
        request.sentLength = 7
        line = access_line("[01/Jan/1970:00:00:01 +0000]", request)
        self.assertIn('"GET /v1/guests HTTP/1.1" 200 7', line)
        self.assertIn(time.strftime("/%Y:", time.gmtime()), line)
        self.assertNotIn("1970", line)
