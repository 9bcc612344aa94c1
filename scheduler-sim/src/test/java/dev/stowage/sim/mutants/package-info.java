/**
 * Broken cores: each mutant patches one rule of the lifecycle in its source, compiles the class in
 * memory and loads the whole library around it anew, so that scenarios, audits and the reference
 * model can be seen to find it.
 */
@NullMarked
package dev.stowage.sim.mutants;

import org.jspecify.annotations.NullMarked;
