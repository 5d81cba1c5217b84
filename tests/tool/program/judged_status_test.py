# SPDX-License-Identifier: MIT
"""The harness takes a status that Wine lost for what it was, and hides none that asock lost."""

import unittest

from asock_program import judged_status


class JudgedStatus(unittest.TestCase):
    def test_what_is_returned_and_left_counts(self):
        for status in (0, 1, 2, 130):
            for may_be_lost in (False, True):
                self.assertEqual(judged_status(status, status, may_be_lost), status)

    def test_a_status_that_wine_lost_is_the_one_that_was_left(self):
        self.assertEqual(judged_status(0, 1, may_be_lost=True), 1)

    def test_elsewhere_no_status_is_lost(self):
        with self.assertRaises(AssertionError):
            judged_status(0, 1, may_be_lost=False)

    def test_success_without_the_last_act_is_none(self):
        for may_be_lost in (False, True):
            with self.assertRaises(AssertionError):
                judged_status(0, None, may_be_lost)

    def test_another_status_than_the_one_left_is_none(self):
        for may_be_lost in (False, True):
            for returned, left in ((1, 0), (2, 1)):
                with self.assertRaises(AssertionError):
                    judged_status(returned, left, may_be_lost)

    def test_who_was_killed_leaves_none(self):
        self.assertEqual(judged_status(-9, None, may_be_lost=False), -9)
        self.assertEqual(judged_status(-9, 0, may_be_lost=False), -9)
        self.assertEqual(judged_status(58, None, may_be_lost=True), 58)


if __name__ == "__main__":
    unittest.main()
