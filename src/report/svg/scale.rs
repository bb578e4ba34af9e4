//! From values to lengths: what can be drawn of a number, and the steps of an axis.

/// The largest value that is drawn as what it is: a thousand billion is no count of enquiries, and past 2^53 a sum of
/// counts is no longer exact.
const LARGEST: f64 = 1e12;

/// What can be drawn of `value`: a finite amount, at least zero.
pub(super) fn amount(value: f64) -> f64 {
    if value.is_nan() { 0.0 } else { value.clamp(0.0, LARGEST) }
}

/// The amount at `index`, or zero where a series has ended.
pub(super) fn amount_at(values: &[f64], index: usize) -> f64 {
    values.get(index).copied().map_or(0.0, amount)
}

/// Whether `value` is written without decimals.
pub(super) fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() < 1e-9
}

/// An axis from zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Axis {
    /// From one mark to the next: 1, 2 or 5 times a power of ten.
    pub(super) step: f64,
    /// How many steps there are; at least one.
    pub(super) steps: usize,
    /// How many decimals its marks need.
    pub(super) decimals: usize,
}

impl Axis {
    /// An axis that reaches `max` in at most `most` steps; in whole numbers if `whole`.
    pub(super) fn new(max: f64, most: usize, whole: bool) -> Axis {
        // Not `amount`: a sum may be past the largest amount.
        let max = if max.is_finite() { max.max(0.0) } else { 0.0 };
        let wanted = if max > 0.0 { max / most.max(1) as f64 } else { 1.0 };
        let power = 10_f64.powi(wanted.log10().floor() as i32);
        // A little more than the step itself, so that 0.3/0.1 is three steps.
        let mut step = [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|factor| factor * power)
            .find(|step| *step * (1.0 + 1e-9) >= wanted)
            .unwrap_or(10.0 * power);
        if whole {
            step = step.max(1.0);
        }
        let steps = ((max / step * (1.0 - 1e-9)).ceil() as usize).max(1);
        let decimals = (-(step.log10() + 1e-9).floor()).max(0.0) as usize;
        Axis { step, steps, decimals }
    }

    /// The value at the last mark.
    pub(super) fn top(&self) -> f64 {
        self.step * self.steps as f64
    }

    /// The values at the marks, from zero.
    pub(super) fn marks(&self) -> impl Iterator<Item = f64> {
        let step = self.step;
        (0..=self.steps).map(move |at| step * at as f64)
    }
}

/// How much of a part's `length` is left free towards the next, in pixels: less for small ones, so that a part that
/// is there is seen.
pub(super) fn gap(length: f64, widest: f64) -> f64 {
    widest.min(length * 0.3)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing(0.0, 5, true, 1.0, 1, 0)]
    #[case::one(1.0, 5, true, 1.0, 1, 0)]
    #[case::counts_have_no_halves(2.0, 5, true, 1.0, 2, 0)]
    #[case::a_month(34.0, 5, true, 10.0, 4, 0)]
    #[case::just_so(40.0, 5, true, 10.0, 4, 0)]
    #[case::a_year(1234.0, 5, true, 500.0, 3, 0)]
    #[case::days(3.0, 4, false, 1.0, 3, 0)]
    #[case::parts_of_a_day(0.9, 4, false, 0.5, 2, 1)]
    #[case::small_parts(0.03, 4, false, 0.01, 3, 2)]
    #[case::huge(1e12, 5, true, 2e11, 5, 0)]
    #[case::no_number(f64::NAN, 5, true, 1.0, 1, 0)]
    #[case::no_end(f64::INFINITY, 5, true, 1.0, 1, 0)]
    #[case::a_sum_past_the_largest_amount(3e12, 5, true, 1e12, 3, 0)]
    fn an_axis_has_few_round_steps(
        #[case] max: f64,
        #[case] most: usize,
        #[case] whole: bool,
        #[case] step: f64,
        #[case] steps: usize,
        #[case] decimals: usize,
    ) {
        assert_eq!(Axis::new(max, most, whole), Axis { step, steps, decimals });
    }

    #[rstest]
    #[case(f64::NAN, 0.0)]
    #[case(f64::NEG_INFINITY, 0.0)]
    #[case(-1.0, 0.0)]
    #[case(f64::INFINITY, 1e12)]
    #[case(2.5, 2.5)]
    fn what_cannot_be_drawn_is_drawn_as_the_nearest(#[case] value: f64, #[case] drawn: f64) {
        assert_eq!(amount(value), drawn);
    }
}
