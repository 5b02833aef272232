from twisted.trial.unittest import SynchronousTestCase

from tests.chaos._plan import Size, plan


class PlanTests(SynchronousTestCase):
    def test_repeatable(self) -> None:
        """
        One seed, one plan; another seed, another plan.
        """
        size = Size(seconds=60, guests=30, clients=30)
        self.assertEqual(plan(7, size), plan(7, size))
        self.assertNotEqual(plan(7, size).deeds, plan(8, size).deeds)

    def test_everybody(self) -> None:
        """
        There are as many guests and clients as were asked for, and nobody touches the calm ones.
        """
        for count in (20, 30, 200):
            made = plan(1, Size(seconds=600, guests=count, clients=count))
            self.assertEqual(len(set(made.guests)), count)
            self.assertEqual(sum(map(len, made.clients.values())), count)
            self.assertEqual(set(made.agents.values()), {"7.2", "10.0", "ours"})
            struck = {deed.whom for deed in made.deeds}
            self.assertIn("mux", struck)
            self.assertFalse(struck & {"calm", *made.calm})
