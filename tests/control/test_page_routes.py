"""The files of the page."""

import re

from tests.control._case import ControlCase


class PageRoutesTests(ControlCase):
    peer = None  # a browser, of whom nobody knows whose it is

    def test_for_anyone(self) -> None:
        """
        Anyone gets the page, and every file that it names.
        """
        page = self.ask("GET", "/")
        self.assertEqual(
            (page.status, page.headers["content-type"]), (200, "text/html; charset=utf-8")
        )
        files = re.findall(r'(?:href|src)="(page/[^"]+)"', page.octets.decode())
        self.assertEqual(sorted(files), ["page/main.js", "page/page.css"])
        seen = set()
        while files:
            file = files.pop()
            if file in seen:
                continue
            seen.add(file)
            told = self.ask("GET", f"/{file}")
            self.assertEqual(told.status, 200, file)
            files += [
                f"page/{each}" for each in re.findall(r'from "\./([^"]+)"', told.octets.decode())
            ]
        self.assertEqual(
            seen,
            {
                f"page/{each}"
                for each in (
                    *("main.js", "api.js", "draw.js", "events.js", "guest.js", "guests.js"),
                    "page.css",
                )
            },
        )
        self.assertEqual(self.ask("GET", "/v1/guests").status, 401)

    def test_closed(self) -> None:
        """
        Nothing but our own files is run, and nobody shows the page inside of theirs.
        """
        for path in ("/", "/page/main.js"):
            headers = self.ask("GET", path).headers
            policy = headers["content-security-policy"]
            self.assertIn("default-src 'none'", policy)
            self.assertIn("script-src 'self'", policy)
            self.assertIn("frame-ancestors 'none'", policy)
            self.assertNotIn("unsafe", policy)
            self.assertEqual(headers["x-content-type-options"], "nosniff")

    def test_no_other_files(self) -> None:
        """
        There are no other files.
        """
        for path in ("/page/", "/page/../_api.py", "/page/%2e%2e/_api.py", "/page/_api.py"):
            self.assertEqual(self.ask("GET", path).status, 404, path)

    def test_no_markup(self) -> None:
        """
        No script makes markup out of text.
        """
        for file in ("main.js", "api.js", "draw.js", "guest.js", "guests.js"):
            text = self.ask("GET", f"/page/{file}").octets.decode()
            for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
                self.assertNotIn(word, text, file)
