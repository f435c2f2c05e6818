// Starts the page's scripts. The server has drawn the page.
import { startActions } from "./actions.js";
import { startDialogs } from "./dialogs.js";
import { startFilters } from "./filters.js";
import { formatAll, startClocks } from "./formats.js";
import { startNavigation } from "./navigation.js";
import { startLocalePicker } from "./page.js";

startNavigation();
startFilters();
startDialogs();
startActions();
startLocalePicker();
formatAll();
startClocks();
document.documentElement.dataset.portalReady = "true";
