"""How what was gathered becomes octets."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor.sinks._form import Form, no_labels
from txqga.monitor.sinks._otlp import OtlpForm
from txqga.monitor.sinks._webhook import WebhookForm


class FormTests(SynchronousTestCase):
    def test_forms(self) -> None:
        """
        Whatever a platform takes, a batch of nothing can be made; a guest need have no labels.
        """
        self.assertEqual(no_labels("db1"), {})
        forms: list[Form] = [WebhookForm("hv7", {}), OtlpForm("hv7", {})]
        for form in forms:
            self.assertTrue(form.batch([], "life", 1, 0.0).startswith(b"{"))
