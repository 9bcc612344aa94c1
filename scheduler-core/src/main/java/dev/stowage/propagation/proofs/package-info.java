/** The judgement of authority: sets and proofs. */
@NullMarked
package dev.stowage.propagation.proofs;

import org.jspecify.annotations.NullMarked;
