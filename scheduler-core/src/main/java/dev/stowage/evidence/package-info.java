/**
 * Why was that decided, and is the record whole? One mechanism for the whole library.
 *
 * <p>Every engine appends what it is told (inputs) and what it decides (outcomes) to one {@link
 * dev.stowage.evidence.EvidenceLog}: canonical bytes under a SHA-256 chain. The chain can be
 * verified ({@link dev.stowage.evidence.Verifier}), read back in words ({@link
 * dev.stowage.evidence.EvidenceLog#explain}), kept elsewhere ({@link
 * dev.stowage.evidence.EvidenceSink}) and run again ({@link dev.stowage.evidence.Replayer}).
 *
 * <p>The package knows no engine: whoever writes records brings a {@link
 * dev.stowage.evidence.RecordCatalog.RecordDecoder} for them, and whoever can be run again
 * implements {@link dev.stowage.evidence.Replayable}. The exact bytes are written down in {@code
 * docs/evidence-format.md}.
 */
@NullMarked
package dev.stowage.evidence;

import org.jspecify.annotations.NullMarked;
