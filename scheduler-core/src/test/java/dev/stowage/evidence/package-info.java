/** Tests of the evidence chain against naive oracles. */
@NullMarked
package dev.stowage.evidence;

import org.jspecify.annotations.NullMarked;
