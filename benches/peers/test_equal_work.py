"""Tests of equal_work.py: python3 -m unittest discover --start-directory benches/peers"""

import unittest

from equal_work import Cost, Point, bytes_at, equal_cost, nearest_quality, next_quality, unbeaten, verdict


class BytesAtEqualScore(unittest.TestCase):
    def test_bytes_are_interpolated_in_logarithms(self):
        points = [Point(50, 10_000, 60.0), Point(60, 40_000, 80.0)]
        self.assertAlmostEqual(bytes_at(points, 70.0), 20_000)
        self.assertAlmostEqual(bytes_at(points, 60.0), 10_000)
        self.assertAlmostEqual(bytes_at(points, 80.0), 40_000)

    def test_the_two_nearest_points_decide(self):
        points = [Point(90, 90_000, 90.0), Point(10, 1_000, 10.0), Point(60, 40_000, 80.0), Point(50, 10_000, 60.0)]
        self.assertAlmostEqual(bytes_at(points, 70.0), 20_000)

    def test_a_score_just_outside_is_extrapolated_and_one_far_outside_has_no_bytes(self):
        points = [Point(50, 10_000, 60.0), Point(60, 20_000, 70.0)]
        self.assertAlmostEqual(bytes_at(points, 70.5), 20_000 * 2**0.05)
        self.assertIsNone(bytes_at(points, 75.0))
        self.assertIsNone(bytes_at(points, 50.0))
        self.assertIsNone(bytes_at([], 50.0))

    def test_points_of_one_score_do_not_divide_by_zero(self):
        points = [Point(50, 10_000, 70.0), Point(51, 40_000, 70.0)]
        self.assertAlmostEqual(bytes_at(points, 70.0), 20_000)


class SearchForAQuality(unittest.TestCase):
    def search(self, score, target, start):
        """The points that a search asks for, in order. The bytes of the encoder are arbitrary."""
        points = []
        while (quality := next_quality(points, target, start)) is not None:
            points.append(Point(quality, 1000 + quality, score(quality)))
            self.assertLess(len(points), 12)
        return points

    def test_a_search_ends_within_a_quality_of_any_reachable_score(self):
        for slope in (0.3, 1.0, 2.0):
            for target in (20.2, 50.5, 77.7):
                for start in (1, 60, 80, 100):
                    points = self.search(lambda quality: slope * quality, min(target, slope * 95), start)
                    found = nearest_quality(points, min(target, slope * 95))
                    self.assertLessEqual(abs(found * slope - min(target, slope * 95)), max(slope, 0.25))

    def test_a_search_asks_for_no_quality_twice(self):
        points = self.search(lambda quality: 50 + 10 * (quality > 70), 55.0, 80)
        qualities = [point.quality for point in points]
        self.assertEqual(len(qualities), len(set(qualities)))

    def test_a_search_for_a_score_beyond_reach_ends_at_the_last_quality(self):
        points = self.search(lambda quality: quality / 2, 90.0, 80)
        self.assertEqual(nearest_quality(points, 90.0), 100)
        self.assertIsNone(bytes_at(points, 90.0))


class ChoiceOfASetting(unittest.TestCase):
    costs = [Cost("0", 10, 1200), Cost("2", 20, 1000), Cost("3", 30, 1100), Cost("4", 40, 900), Cost("6", 80, 890)]

    def test_a_setting_that_another_beats_in_both_is_left_out(self):
        self.assertEqual([cost.effort for cost in unbeaten(self.costs)], ["0", "2", "4", "6"])

    def test_the_unbeaten_setting_nearest_to_our_bytes_is_compared(self):
        self.assertEqual(equal_cost(self.costs, 1060, "4").effort, "2")
        self.assertEqual(equal_cost(self.costs, 1150, "4").effort, "0")
        self.assertIsNone(equal_cost([], 500, "4"))

    def test_of_settings_that_are_as_near_the_fastest_is_compared(self):
        self.assertEqual(equal_cost(self.costs, 890, "4").effort, "4")

    def test_without_a_setting_of_equal_work_the_default_is_compared_rather_than_the_slowest(self):
        self.assertEqual(equal_cost(self.costs, 500, "2").effort, "2")

    def test_a_faster_setting_with_fewer_bytes_is_not_passed_over_for_a_slower_one_nearer_to_ours(self):
        costs = [Cost("0", 10, 800), Cost("1", 90, 1000)]
        self.assertEqual(equal_cost(costs, 1000, "1").effort, "0")


class Verdict(unittest.TestCase):
    def test_a_ratio_within_the_noise_is_called_no_lead(self):
        self.assertEqual(verdict(2.345), "2.3×")
        self.assertEqual(verdict(50.4), "50×")
        self.assertEqual(verdict(1.02), "1.0× (no lead)")
        self.assertEqual(verdict(0.5), "0.5× (no lead)")
        self.assertEqual(verdict(None), "–")


if __name__ == "__main__":
    unittest.main()
