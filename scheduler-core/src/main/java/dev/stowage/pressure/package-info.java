/**
 * Measured strain as bands ({@link dev.stowage.pressure.PressureGauge}), byte rates ({@link
 * dev.stowage.columns.TokenBucket}) and admission ({@link dev.stowage.pressure.LoadGovernor}).
 * Times are signed nanoseconds since an epoch of the host's choice. A reading that is NaN, infinite
 * or out of range counts as full strain and is flagged, so that a broken sensor only slows the
 * host.
 */
@NullMarked
package dev.stowage.pressure;

import org.jspecify.annotations.NullMarked;
