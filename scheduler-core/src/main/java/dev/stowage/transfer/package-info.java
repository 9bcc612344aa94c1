/**
 * Transfers: the best source, the next chunk, the paths, the repair of losses and rare pieces. The
 * parts are independent and take all figures and times from the host.
 */
@NullMarked
package dev.stowage.transfer;

import org.jspecify.annotations.NullMarked;
