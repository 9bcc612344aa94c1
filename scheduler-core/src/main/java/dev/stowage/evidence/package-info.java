/**
 * Keeps evidence of decisions: {@link dev.stowage.evidence.EvidenceLog} chains canonical bytes by
 * SHA-256, {@link dev.stowage.evidence.Verifier} checks them and {@link
 * dev.stowage.evidence.Replayer} repeats them. The bytes are specified in {@code
 * docs/internals/evidence-format.md}.
 */
@NullMarked
package dev.stowage.evidence;

import org.jspecify.annotations.NullMarked;
