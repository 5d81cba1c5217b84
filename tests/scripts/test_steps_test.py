# SPDX-License-Identifier: MIT

import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "script" / "lib"))

import test_steps  # noqa: E402


class ChosenSteps(unittest.TestCase):
    def test_an_ordinary_run_takes_the_builds_with_what_tells_a_newcomer_most(self):
        steps = {step.name: step for step in test_steps.chosen_steps([], [], False)}
        self.assertEqual(list(steps), ["linux", "windows-mingw"])
        self.assertEqual(steps["windows-mingw"].targets, ["tests/contract/all"])
        for layer in ("unit", "contract", "cpp", "tool", "example", "docs"):
            self.assertIn(layer, steps["linux"].layers)

    def test_all_takes_every_step_with_every_layer(self):
        steps = test_steps.chosen_steps([], [], True)
        self.assertEqual([step.name for step in steps], test_steps.STEPS)
        self.assertEqual([step.targets for step in steps], [[]] * len(steps))

    def test_named_steps_come_in_their_order_with_every_layer(self):
        steps = test_steps.chosen_steps(["format", "linux"], [], False)
        self.assertEqual([(step.name, step.layers) for step in steps], [("linux", ()), ("format", ())])

    def test_named_layers_are_those_of_each_step(self):
        steps = test_steps.chosen_steps(["linux"], ["unit", "tool"], False)
        self.assertEqual(steps[0].targets, ["tests/unit/all", "tests/tool/all", "tools/asock/all"])
        self.assertEqual([step.layers for step in test_steps.chosen_steps([], ["unit"], False)], [("unit",)] * 2)

    def test_every_directory_of_a_layer_is_there(self):
        for directories in test_steps.DIRECTORIES.values():
            for directory in directories:
                self.assertTrue((ROOT / directory / "CMakeLists.txt").exists(), directory)

    def test_the_times_are_those_of_the_help(self):
        usage = (ROOT / "script" / "test").read_text(encoding="utf-8")
        self.assertIn(f"About {test_steps.MINUTES['ordinary']} minutes on 2 idle processors", usage)
        self.assertIn(f"every step below, with every test: about {test_steps.MINUTES['all']} minutes", usage)


if __name__ == "__main__":
    unittest.main()
