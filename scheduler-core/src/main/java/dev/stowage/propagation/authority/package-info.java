/**
 * Who may speak for a state: the sets of those who may, the proofs they give, and the book that
 * judges both.
 */
@NullMarked
package dev.stowage.propagation.authority;

import org.jspecify.annotations.NullMarked;
