/** The style guide and the arrows of the architecture, as tests over all modules. */
@NullMarked
package dev.stowage.house;

import org.jspecify.annotations.NullMarked;
