/** Who may speak, judged: the book of authorities, and the desk where proofs are checked. */
@NullMarked
package dev.stowage.propagation.proofs;

import org.jspecify.annotations.NullMarked;
