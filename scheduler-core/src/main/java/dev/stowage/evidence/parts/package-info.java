/** Parts that leave evidence: {@link dev.stowage.evidence.parts.Recorded} writes and replays. */
@NullMarked
package dev.stowage.evidence.parts;

import org.jspecify.annotations.NullMarked;
