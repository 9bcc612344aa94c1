/**
 * How loaded are we, and what may still pass? Measured strain becomes a named band ({@link
 * dev.stowage.pressure.PressureGauge}), bytes become permits over time ({@link
 * dev.stowage.pressure.TokenBucket}), and the signals of a runtime become an answer to "may more
 * work come in" ({@link dev.stowage.pressure.LoadGovernor}).
 *
 * <p>Nothing here measures anything or reads a clock: the host passes readings and the time, in
 * nanoseconds since an epoch of its choice, compared as signed numbers. Whatever cannot be a
 * reading (NaN, infinite, out of range) reads as full strain and is flagged, so that a broken
 * sensor slows us down and never speeds us up.
 */
@NullMarked
package dev.stowage.pressure;

import org.jspecify.annotations.NullMarked;
