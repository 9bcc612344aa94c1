/** The transfers of workers between the service that sends them and the clients that run them. */
@NullMarked
package dev.stowage.client.transfers;

import org.jspecify.annotations.NullMarked;
