/** Authority over states: sets of authorised nodes, and proofs. */
@NullMarked
package dev.stowage.propagation.authority;

import org.jspecify.annotations.NullMarked;
