/**
 * Records the parts of the library that leave evidence. A {@link dev.stowage.evidence.parts.Part}
 * applies inputs, {@link dev.stowage.evidence.parts.Records} declares what is written of them, and
 * {@link dev.stowage.evidence.parts.Recorded} writes and replays it.
 */
@NullMarked
package dev.stowage.evidence.parts;

import org.jspecify.annotations.NullMarked;
