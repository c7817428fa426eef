/**
 * Why something is refused, skipped or late: one code, one sentence, one remedy, the same on every surface.
 *
 * `{name}` in a text is filled in from the reason's facts. English and German; the person's language decides.
 *
 * Pure. Source: product.md P4 and the table of reasons in docs/reference/reasons.md (generated).
 */

import { CATEGORY_TITLES } from './category-titles.ts';
import { CATEGORIES } from './setting.ts';

interface Text {
  readonly en: string;
  readonly de: string;
}

interface ReasonText {
  readonly reason: Text;
  readonly remedy: Text;
}

export const REASONS = {
  notSwitchedOn: {
    reason: {
      en: '{org} has not turned on backup or roaming for this PC.',
      de: '{org} hat Sicherung und Roaming für diesen PC nicht eingeschaltet.',
    },
    remedy: {
      en: 'Ask IT to assign "Enable Windows Backup".',
      de: 'Bitten Sie die IT, „Enable Windows Backup“ zuzuweisen.',
    },
  },
  restoreNotSwitchedOn: {
    reason: {
      en: '{org} has not turned on restore.',
      de: '{org} hat die Wiederherstellung nicht eingeschaltet.',
    },
    remedy: {
      en: 'Ask IT to turn on "Enable Windows Restore".',
      de: 'Bitten Sie die IT, „Enable Windows Restore“ einzuschalten.',
    },
  },
  buildTooOld: {
    reason: {
      en: 'Build {build} is too old; {family} needs {needed}.',
      de: 'Build {build} ist zu alt; {family} braucht {needed}.',
    },
    remedy: {
      en: 'Install the latest quality update and restart.',
      de: 'Installieren Sie das neueste Qualitätsupdate und starten Sie neu.',
    },
  },
  notSupported: {
    reason: { en: '{system} is not supported.', de: '{system} wird nicht unterstützt.' },
    remedy: {
      en: 'Use Debian 12, Ubuntu 24.04 or Fedora 41 or later with GNOME 43 or later.',
      de: 'Verwenden Sie Debian 12, Ubuntu 24.04 oder Fedora 41 oder neuer mit GNOME 43 oder neuer.',
    },
  },
  notJoined: {
    reason: { en: 'This PC is not joined to {org}.', de: 'Dieser PC gehört nicht zu {org}.' },
    remedy: {
      en: 'Join it under Access work or school, or enroll it with a token from IT.',
      de: 'Verbinden Sie ihn unter „Auf Arbeits- oder Schulkonto zugreifen“ oder registrieren Sie ihn mit einem Token der IT.',
    },
  },
  lockedByPolicy: {
    reason: { en: '{org} has set this for everyone ({policy}).', de: '{org} hat das für alle festgelegt ({policy}).' },
    remedy: { en: 'Nothing to do, or ask your IT.', de: 'Nichts zu tun, oder fragen Sie Ihre IT.' },
  },
  switchedOffByPerson: {
    reason: { en: 'You left {category} out.', de: 'Sie haben {category} ausgelassen.' },
    remedy: {
      en: 'To bring it back: carryover remember {toggle} on',
      de: 'Zum Einschalten: carryover remember {toggle} on',
    },
  },
  switchedOffByPolicy: {
    reason: {
      en: '{org} keeps {category} out of backups ({policy}).',
      de: '{org} nimmt {category} von der Sicherung aus ({policy}).',
    },
    remedy: { en: 'Nothing to do, or ask your IT.', de: 'Nichts zu tun, oder fragen Sie Ihre IT.' },
  },
  needsElevation: {
    reason: { en: 'Only an administrator can change this.', de: 'Nur ein Administrator darf das ändern.' },
    remedy: {
      en: 'Ask one to run: carryover schedule install --for-everyone. Then restore it again.',
      de: 'Bitten Sie einen, carryover schedule install --for-everyone auszuführen. Stellen Sie es dann erneut wieder her.',
    },
  },
  notOnThisVersion: {
    reason: {
      en: 'This version of {system} has no such setting.',
      de: 'Diese Version von {system} hat diese Einstellung nicht.',
    },
    remedy: {
      en: 'Nothing to do; it is kept for another PC.',
      de: 'Nichts zu tun; sie bleibt für einen anderen PC erhalten.',
    },
  },
  otherPlatform: {
    reason: { en: 'This has no equivalent on {system}.', de: 'Dafür gibt es auf {system} keine Entsprechung.' },
    remedy: {
      en: 'Nothing to do; it is kept for another PC.',
      de: 'Nichts zu tun; es bleibt für einen anderen PC erhalten.',
    },
  },
  badValue: {
    reason: { en: 'The stored value does not fit: {detail}.', de: 'Der gespeicherte Wert passt nicht: {detail}.' },
    remedy: { en: 'Set it by hand on this PC.', de: 'Stellen Sie es auf diesem PC von Hand ein.' },
  },
  didNotTake: {
    reason: {
      en: 'The value was written but reads back as {found}.',
      de: 'Der Wert wurde geschrieben, gelesen wird aber {found}.',
    },
    remedy: {
      en: 'Sign out and in again, then restore this item once more.',
      de: 'Melden Sie sich ab und wieder an und stellen Sie den Eintrag noch einmal wieder her.',
    },
  },
  runsCode: {
    reason: { en: 'This can start programs.', de: 'Das kann Programme starten.' },
    remedy: { en: 'To bring it over anyway: --only {id}', de: 'Um es dennoch zu übernehmen: --only {id}' },
  },
  networkReach: {
    reason: { en: 'This changes how this PC reaches the network.', de: 'Das ändert, wie dieser PC das Netz erreicht.' },
    remedy: { en: 'To bring it over anyway: --only {id}', de: 'Um es dennoch zu übernehmen: --only {id}' },
  },
  offByDefault: {
    reason: { en: 'This is left out unless asked for.', de: 'Das bleibt außen vor, wenn es nicht verlangt wird.' },
    remedy: { en: 'To bring it over anyway: --only {id}', de: 'Um es dennoch zu übernehmen: --only {id}' },
  },
  deviceBound: {
    reason: { en: 'This belongs to the hardware of the other PC.', de: 'Das gehört zur Hardware des anderen PCs.' },
    remedy: { en: 'Nothing to do.', de: 'Nichts zu tun.' },
  },
  outsideHome: {
    reason: {
      en: '{path} is not a place Carryover may write.',
      de: '{path} ist kein Ort, an den Carryover schreiben darf.',
    },
    remedy: {
      en: 'Nothing to do; tell your IT if you miss it.',
      de: 'Nichts zu tun; sagen Sie es Ihrer IT, wenn es fehlt.',
    },
  },
  remoteLocation: {
    reason: { en: '{uri} lies on another computer.', de: '{uri} liegt auf einem anderen Computer.' },
    remedy: { en: 'Choose a picture on this PC.', de: 'Wählen Sie ein Bild auf diesem PC.' },
  },
  fileTooLarge: {
    reason: {
      en: '{path} has {bytes} bytes; at most {limit} are kept.',
      de: '{path} hat {bytes} Bytes; höchstens {limit} werden aufbewahrt.',
    },
    remedy: { en: 'Copy it by hand.', de: 'Kopieren Sie die Datei von Hand.' },
  },
  fileUnreadable: {
    reason: { en: '{path} could not be read or written.', de: '{path} konnte nicht gelesen oder geschrieben werden.' },
    remedy: {
      en: 'Check that it belongs to you, then try again.',
      de: 'Prüfen Sie, ob sie Ihnen gehört, und versuchen Sie es erneut.',
    },
  },
  appNotOffered: {
    reason: { en: '{app} is no longer offered in {source}.', de: '{app} wird in {source} nicht mehr angeboten.' },
    remedy: { en: 'Your IT can offer it another way.', de: 'Ihre IT kann sie anders bereitstellen.' },
  },
  appSourceUnreachable: {
    reason: { en: '{source} cannot be reached.', de: '{source} ist nicht erreichbar.' },
    remedy: {
      en: 'Connect, then run the restore again.',
      de: 'Stellen Sie eine Verbindung her und starten Sie die Wiederherstellung erneut.',
    },
  },
  appSourceNotAllowed: {
    reason: {
      en: '{source} is not on the list of allowed sources.',
      de: '{source} steht nicht auf der Liste erlaubter Quellen.',
    },
    remedy: {
      en: 'Ask IT to allow it, or add it yourself and restore again.',
      de: 'Bitten Sie die IT um Freigabe, oder fügen Sie sie selbst hinzu.',
    },
  },
  appNeedsAdministrator: {
    reason: {
      en: '{app} comes from {source}, which only an administrator installs.',
      de: '{app} kommt aus {source}; das installiert nur ein Administrator.',
    },
    remedy: { en: 'Ask your IT to install it.', de: 'Bitten Sie Ihre IT, sie zu installieren.' },
  },
  appFailed: {
    reason: { en: '{app} could not be installed: {detail}.', de: '{app} ließ sich nicht installieren: {detail}.' },
    remedy: {
      en: 'Run the restore again; what is done is not done twice.',
      de: 'Starten Sie die Wiederherstellung erneut; Erledigtes wird nicht wiederholt.',
    },
  },
  applyFailed: {
    reason: { en: 'This could not be set: {detail}.', de: 'Das ließ sich nicht einstellen: {detail}.' },
    remedy: {
      en: 'Run the restore again; what is done is not done twice.',
      de: 'Starten Sie die Wiederherstellung erneut; Erledigtes wird nicht wiederholt.',
    },
  },
  leftOut: {
    reason: { en: 'You left this out.', de: 'Von Ihnen ausgelassen.' },
    remedy: {
      en: 'Restore again without leaving it out.',
      de: 'Stellen Sie noch einmal wieder her, ohne es auszulassen.',
    },
  },
  damaged: {
    reason: {
      en: 'The stored copy of this part is damaged.',
      de: 'Die gespeicherte Kopie dieses Teils ist beschädigt.',
    },
    remedy: {
      en: 'Choose an older point in time, and tell your IT.',
      de: 'Wählen Sie einen älteren Zeitpunkt und sagen Sie es Ihrer IT.',
    },
  },
  noProfiles: {
    reason: { en: 'There is no backup of yours yet.', de: 'Es gibt noch keine Sicherung von Ihnen.' },
    remedy: {
      en: 'Back up on your other PC, or go on with this one as new.',
      de: 'Sichern Sie auf dem anderen PC, oder richten Sie diesen neu ein.',
    },
  },
  smallCapture: {
    reason: {
      en: 'Only {count} settings were found, far fewer than before.',
      de: 'Nur {count} Einstellungen gefunden, weit weniger als zuvor.',
    },
    remedy: {
      en: 'It is kept, but the fuller backup before it is offered first.',
      de: 'Sie wird aufbewahrt; zuerst angeboten wird die vollständigere davor.',
    },
  },
  clockWrong: {
    reason: {
      en: 'The clock of this PC is off by {difference}.',
      de: 'Die Uhr dieses PCs geht um {difference} falsch.',
    },
    remedy: {
      en: 'Set date and time. Backups go on meanwhile.',
      de: 'Stellen Sie Datum und Uhrzeit. Gesichert wird trotzdem.',
    },
  },
  notAPlainFile: {
    reason: {
      en: '{path} is a link or a special file.',
      de: '{path} ist eine Verknüpfung oder eine besondere Datei.',
    },
    remedy: {
      en: 'Put the file itself in its place to have it kept.',
      de: 'Legen Sie die Datei selbst dort ab, damit sie aufbewahrt wird.',
    },
  },
  noRoomLeft: {
    reason: {
      en: '{path} did not fit: a backup holds {limit} at most.',
      de: '{path} passte nicht mehr: Eine Sicherung fasst höchstens {limit}.',
    },
    remedy: { en: 'Copy it by hand.', de: 'Kopieren Sie die Datei von Hand.' },
  },
  differsHere: {
    reason: {
      en: '{name} is already set up differently on this PC.',
      de: '{name} ist auf diesem PC schon anders eingerichtet.',
    },
    remedy: {
      en: 'Remove it here and restore again if you want the stored one.',
      de: 'Entfernen Sie es hier und stellen Sie erneut wieder her, wenn Sie das gespeicherte wollen.',
    },
  },
  appListUnreadable: {
    reason: {
      en: 'The list of apps of {source} could not be read.',
      de: 'Die App-Liste von {source} war nicht lesbar.',
    },
    remedy: {
      en: 'Check that {source} works, then try again.',
      de: 'Prüfen Sie {source} und versuchen Sie es erneut.',
    },
  },
  unitTooLarge: {
    reason: {
      en: '{item} has {bytes} bytes; at most {limit} fit into a backup part.',
      de: '{item} hat {bytes} Bytes; in einen Teil der Sicherung passen höchstens {limit}.',
    },
    remedy: { en: 'Copy it by hand.', de: 'Kopieren Sie es von Hand.' },
  },
  uploadTooLarge: {
    reason: {
      en: '{item} has {bytes} bytes; all pictures and files together may have {limit}.',
      de: '{item} hat {bytes} Bytes; alle Bilder und Dateien zusammen dürfen {limit} haben.',
    },
    remedy: {
      en: 'Copy it by hand, or leave out a category with many files.',
      de: 'Kopieren Sie es von Hand, oder lassen Sie eine Kategorie mit vielen Dateien aus.',
    },
  },
  nothingRemembered: {
    reason: { en: 'Every category is switched off.', de: 'Alle Kategorien sind ausgeschaltet.' },
    remedy: {
      en: 'Switch one on: carryover remember personalization on',
      de: 'Schalten Sie eine ein: carryover remember personalization on',
    },
  },
  newestDamaged: {
    reason: {
      en: 'The newest backup of this PC is damaged.',
      de: 'Die neueste Sicherung dieses PCs ist beschädigt.',
    },
    remedy: {
      en: 'The one before it is offered; back up again on that PC.',
      de: 'Angeboten wird die davor; sichern Sie auf jenem PC erneut.',
    },
  },
  suggestedOff: {
    reason: {
      en: '{org} suggests to leave {category} out.',
      de: '{org} schlägt vor, {category} auszulassen.',
    },
    remedy: {
      en: 'You can turn it on: carryover remember {toggle} on',
      de: 'Sie können es einschalten: carryover remember {toggle} on',
    },
  },
  policyFileNotTrusted: {
    reason: {
      en: '{file} is ignored: others than root can change it.',
      de: '{file} wird nicht beachtet: Andere als root können das ändern.',
    },
    remedy: {
      en: 'Give it to root alone: chown root:root {file}; chmod go-w {file}',
      de: 'Geben Sie es root allein: chown root:root {file}; chmod go-w {file}',
    },
  },
  policyFileUnreadable: {
    reason: {
      en: '{file} is ignored: it cannot be read ({detail}).',
      de: '{file} wird nicht beachtet, weil es nicht lesbar ist ({detail}).',
    },
    remedy: {
      en: 'Put a plain file there, no link, that everybody may read: chmod a+r {file}',
      de: 'Legen Sie eine einfache Datei dorthin, keinen Verweis, die alle lesen dürfen: chmod a+r {file}',
    },
  },
  policyFolderUnreadable: {
    reason: {
      en: 'No policy of {folder} holds: people cannot look into it ({detail}).',
      de: 'Keine Richtlinie aus {folder} gilt, weil man nicht hineinsehen kann ({detail}).',
    },
    remedy: {
      en: 'Make it a folder, no link, that everybody may read: chmod 755 {folder}',
      de: 'Machen Sie daraus einen Ordner, keinen Verweis, den alle lesen dürfen: chmod 755 {folder}',
    },
  },
  policyFileTooLarge: {
    reason: {
      en: '{file} is ignored: it has {bytes} bytes; a policy file may have {limit}.',
      de: '{file} wird nicht beachtet: {bytes} Bytes; eine Richtliniendatei darf {limit} haben.',
    },
    remedy: { en: 'Leave only policies in it.', de: 'Lassen Sie nur Richtlinien darin.' },
  },
  policyFilesTooMany: {
    reason: {
      en: '{file} is ignored: only the first {limit} files of its folder are read.',
      de: '{file} wird nicht beachtet: Nur die ersten {limit} Dateien des Ordners werden gelesen.',
    },
    remedy: {
      en: 'Put policies together into fewer files.',
      de: 'Fassen Sie Richtlinien in weniger Dateien zusammen.',
    },
  },
  policyFileNotJson: {
    reason: {
      en: '{file} is ignored: it is not one JSON object ({detail}).',
      de: '{file} wird nicht beachtet: Es ist nicht ein JSON-Objekt ({detail}).',
    },
    remedy: {
      en: 'Check it: python3 -m json.tool {file}',
      de: 'Prüfen Sie es: python3 -m json.tool {file}',
    },
  },
  policyUnknown: {
    reason: {
      en: '{place}: {policy} is not known on this PC.',
      de: '{place}: {policy} ist auf diesem PC nicht bekannt.',
    },
    remedy: {
      en: 'Check how it is spelled. A policy that is newer than this carryover holds once that is updated.',
      de: 'Prüfen Sie die Schreibweise. Eine Richtlinie, die neuer ist als dieses carryover, gilt nach dessen Update.',
    },
  },
  policyValueWrong: {
    reason: {
      en: '{place}: {policy} cannot be {value}. It counts as not configured.',
      de: '{place}: {policy} kann nicht {value} sein und gilt als nicht konfiguriert.',
    },
    remedy: { en: 'Allowed: {allowed}', de: 'Erlaubt: {allowed}' },
  },
  policyTwice: {
    reason: {
      en: '{place}: {policy} is there more than once. The last one counts.',
      de: '{place}: {policy} steht mehrmals da. Es zählt das letzte Mal.',
    },
    remedy: { en: 'Leave one of them.', de: 'Lassen Sie eines davon stehen.' },
  },
  policyNotLocked: {
    reason: {
      en: '{place}: {key} is set but not locked, so that everybody can change it. It counts as not configured.',
      de: '{place}: {key} ist gesetzt, aber nicht gesperrt, kann also von allen geändert werden, und gilt als nicht konfiguriert.',
    },
    remedy: {
      en: 'Add {key} to a file in {place}.d/locks, then: dconf update',
      de: 'Ergänzen Sie {key} in einer Datei in {place}.d/locks, dann: dconf update',
    },
  },
  policyOfOtherClient: {
    reason: {
      en: "{place}: {policy} is followed by Microsoft's own client on this PC and decides nothing for Carryover.",
      de: '{place}: {policy} gilt auf diesem PC für den Client von Microsoft und entscheidet nichts für Carryover.',
    },
    remedy: { en: 'To decide for Carryover, set it in {own}.', de: 'Für Carryover setzen Sie es in {own}.' },
  },
  noOrganizationAccount: {
    reason: {
      en: "You're signed in with a personal account.",
      de: 'Sie sind mit einem privaten Konto angemeldet.',
    },
    remedy: { en: 'Sign in with your work account.', de: 'Melden Sie sich mit dem Arbeitskonto an.' },
  },
  blockedByPolicy: {
    reason: { en: '{policy} is Disabled by {source}.', de: '{policy} ist durch {source} deaktiviert.' },
    remedy: { en: 'Set it to Not configured.', de: 'Setzen Sie sie auf „Nicht konfiguriert“.' },
  },
  sharedDevice: {
    reason: {
      en: 'A shared device has no person whose settings could be kept.',
      de: 'Ein gemeinsam genutztes Gerät hat keine Person, deren Einstellungen man merken könnte.',
    },
    remedy: { en: 'Nothing to do.', de: 'Nichts zu tun.' },
  },
  selfDeploying: {
    reason: { en: 'This PC was set up without a person.', de: 'Dieser PC wurde ohne Person eingerichtet.' },
    remedy: {
      en: 'Use a user-driven Autopilot profile.',
      de: 'Verwenden Sie ein benutzergesteuertes Autopilot-Profil.',
    },
  },
  wrongRegion: {
    reason: {
      en: 'This service keeps data in {region}; your organization belongs to {other}.',
      de: 'Dieser Dienst speichert in {region}; Ihre Organisation gehört zu {other}.',
    },
    remedy: {
      en: 'Ask your IT for the right address.',
      de: 'Fragen Sie Ihre IT nach der richtigen Adresse.',
    },
  },
  familyTooOld: {
    reason: {
      en: 'Build {build} is too old; this begins with {family} ({needed}).',
      de: 'Build {build} ist zu alt; dies geht ab {family} ({needed}).',
    },
    remedy: { en: 'Upgrade to {family} or later.', de: 'Aktualisieren Sie auf {family} oder neuer.' },
  },
  restorePageOff: {
    reason: {
      en: '{org} did not show the restore page when this PC enrolled.',
      de: '{org} zeigte bei der Registrierung dieses PCs keine Wiederherstellungsseite.',
    },
    remedy: {
      en: 'Restore later from Settings, or ask IT to turn on "Show restore page" and enroll again.',
      de: 'Stellen Sie später in den Einstellungen wieder her, oder bitten Sie die IT um „Show restore page“ und registrieren Sie neu.',
    },
  },
  hybridAtSetup: {
    reason: {
      en: 'This PC is also joined to a domain of {org}; its setup has no restore page.',
      de: 'Dieser PC gehört auch zu einer Domäne von {org}; seine Einrichtung hat keine Wiederherstellungsseite.',
    },
    remedy: {
      en: 'Restore at the first sign-in or later from Settings.',
      de: 'Stellen Sie bei der ersten Anmeldung oder später in den Einstellungen wieder her.',
    },
  },
  notUserDriven: {
    reason: {
      en: 'This PC did not go through a user-driven setup, where the restore page is.',
      de: 'Dieser PC hat keine benutzergesteuerte Einrichtung durchlaufen; nur dort gibt es die Wiederherstellungsseite.',
    },
    remedy: {
      en: 'Restore at the first sign-in or later from Settings.',
      de: 'Stellen Sie bei der ersten Anmeldung oder später in den Einstellungen wieder her.',
    },
  },
  editionAtSetup: {
    reason: {
      en: 'The setup of {edition} has no restore page.',
      de: 'Die Einrichtung von {edition} hat keine Wiederherstellungsseite.',
    },
    remedy: {
      en: 'Restore at the first sign-in or later from Settings.',
      de: 'Stellen Sie bei der ersten Anmeldung oder später in den Einstellungen wieder her.',
    },
  },
  setupOver: {
    reason: { en: 'The setup of this PC is over.', de: 'Die Einrichtung dieses PCs ist abgeschlossen.' },
    remedy: {
      en: 'Restore from Settings, or with: carryover restore',
      de: 'Stellen Sie in den Einstellungen wieder her, oder mit: carryover restore',
    },
  },
  updatesNotOffered: {
    reason: {
      en: '{org} has not turned on "Install quality updates" for this PC.',
      de: '{org} hat „Install quality updates“ für diesen PC nicht eingeschaltet.',
    },
    remedy: {
      en: 'Use the updates of the system itself, or ask your IT.',
      de: 'Verwenden Sie die Updates des Systems selbst, oder fragen Sie Ihre IT.',
    },
  },
  offerOpen: {
    reason: {
      en: 'The first backup waits until you have chosen what to bring over, at most until {until}.',
      de: 'Die erste Sicherung wartet, bis Sie gewählt haben, was übernommen wird, höchstens bis {until}.',
    },
    remedy: {
      en: 'Choose it with carryover restore, or back up right away with carryover backup.',
      de: 'Wählen Sie mit carryover restore, oder sichern Sie sofort mit carryover backup.',
    },
  },
  meteredNetwork: {
    reason: {
      en: 'This network is metered, and {org} keeps scheduled backups off such networks.',
      de: 'Dieses Netz ist getaktet, und {org} hält geplante Sicherungen von solchen Netzen fern.',
    },
    remedy: {
      en: 'Nothing to do; it follows on another network. To back up anyway: carryover backup',
      de: 'Nichts zu tun; sie folgt in einem anderen Netz. Um dennoch zu sichern: carryover backup',
    },
  },
  noContact: {
    reason: {
      en: '{org} was not reached for more than {days} days, so nothing is captured.',
      de: '{org} war mehr als {days} Tage nicht erreichbar, deshalb wird nichts erfasst.',
    },
    remedy: {
      en: 'Connect this PC to the network; the next contact ends it. To see why: carryover doctor',
      de: 'Verbinden Sie diesen PC mit dem Netz; der nächste Kontakt beendet es. Warum: carryover doctor',
    },
  },
  imagesOff: {
    reason: { en: '{org} keeps pictures out of backups.', de: '{org} nimmt Bilder von Sicherungen aus.' },
    remedy: { en: 'Choose the picture here by hand.', de: 'Wählen Sie das Bild hier von Hand.' },
  },
  runsCodeOff: {
    reason: {
      en: 'This can start programs, and {org} does not let it be restored.',
      de: 'Das kann Programme starten, und {org} lässt es nicht wiederherstellen.',
    },
    remedy: {
      en: 'Set it up here by hand, or ask your IT.',
      de: 'Richten Sie es hier von Hand ein, oder fragen Sie Ihre IT.',
    },
  },
  backupSwitchedOff: {
    reason: {
      en: '{org} keeps Windows Backup off on this PC ({policy}).',
      de: '{org} hält Windows-Sicherung auf diesem PC ausgeschaltet ({policy}).',
    },
    remedy: {
      en: 'Ask IT to change that policy, or to leave this PC out of it.',
      de: 'Bitten Sie die IT, diese Richtlinie zu ändern oder diesen PC davon auszunehmen.',
    },
  },
  appRestartToFinish: {
    reason: {
      en: '{app} is installed after the next restart.',
      de: '{app} ist nach dem nächsten Neustart installiert.',
    },
    remedy: { en: 'Restart this PC.', de: 'Starten Sie diesen PC neu.' },
  },
  appRestartFirst: {
    reason: {
      en: '{app} cannot be installed before this PC is restarted.',
      de: '{app} lässt sich erst nach einem Neustart dieses PCs installieren.',
    },
    remedy: {
      en: 'Restart this PC, then run the restore again.',
      de: 'Starten Sie diesen PC neu und starten Sie die Wiederherstellung erneut.',
    },
  },
  appBlockedByPolicy: {
    reason: {
      en: 'A policy of this PC does not let {app} be installed from {source}.',
      de: 'Eine Richtlinie dieses PCs lässt {app} nicht aus {source} installieren.',
    },
    remedy: { en: 'Ask your IT to offer it.', de: 'Bitten Sie Ihre IT, sie bereitzustellen.' },
  },
  appRefusedByStore: {
    reason: {
      en: 'The Microsoft Store did not install {app}; it may need a licence of yours.',
      de: 'Der Microsoft Store hat {app} nicht installiert; vielleicht braucht sie eine Lizenz von Ihnen.',
    },
    remedy: { en: 'Open it in the Store: {link}', de: 'Öffnen Sie sie im Store: {link}' },
  },
  registryKeyClosed: {
    reason: {
      en: 'The registry key {key} is closed to your account.',
      de: 'Der Registrierungsschlüssel {key} ist für Ihr Konto gesperrt.',
    },
    remedy: {
      en: 'Ask your IT; an access list or a policy keeps it closed.',
      de: 'Fragen Sie Ihre IT; eine Zugriffsliste oder Richtlinie hält ihn gesperrt.',
    },
  },
  ownerNotHere: {
    reason: {
      en: 'What this belongs to is not on this PC.',
      de: 'Das, wozu das gehört, gibt es auf diesem PC nicht.',
    },
    remedy: {
      en: 'Nothing to do; it is kept for another PC.',
      de: 'Nichts zu tun; es bleibt für einen anderen PC erhalten.',
    },
  },
  nearestTaken: {
    reason: {
      en: '{system} has no such value; the nearest was set.',
      de: '{system} kennt diesen Wert nicht; gesetzt ist der nächstliegende.',
    },
    remedy: {
      en: 'Nothing to do, or adjust it in the settings of this PC.',
      de: 'Nichts zu tun, oder stellen Sie es in den Einstellungen dieses PCs nach.',
    },
  },
  appHasNoSource: {
    reason: {
      en: '{app} was installed by a program of its own; no source of apps has it.',
      de: '{app} wurde mit einem eigenen Programm installiert; keine Quelle für Apps bietet sie an.',
    },
    remedy: {
      en: 'Install it from where you got it, or ask your IT.',
      de: 'Installieren Sie sie von dort, wo Sie sie herhaben, oder fragen Sie Ihre IT.',
    },
  },
  elevatedRefused: {
    reason: {
      en: 'The task that changes this as administrator refuses: {detail}.',
      de: 'Die Aufgabe, die das als Administrator ändert, lehnt ab: {detail}.',
    },
    remedy: { en: 'Set it by hand as administrator.', de: 'Stellen Sie es als Administrator von Hand ein.' },
  },
  elevatedSilent: {
    reason: {
      en: 'The task that changes this as administrator did not answer.',
      de: 'Die Aufgabe, die das als Administrator ändert, hat nicht geantwortet.',
    },
    remedy: {
      en: 'Try again. If it stays so, ask your IT to look at the task "Carryover elevated".',
      de: 'Versuchen Sie es erneut. Bleibt es so, bitten Sie die IT, die Aufgabe „Carryover elevated“ anzusehen.',
    },
  },
  lockScreenUnanswered: {
    reason: {
      en: 'Windows did not say what the lock screen shows: {detail}.',
      de: 'Windows hat nicht gesagt, was der Sperrbildschirm zeigt: {detail}.',
    },
    remedy: {
      en: 'Ask your IT whether Windows PowerShell is kept off, or keep the picture by hand.',
      de: 'Fragen Sie Ihre IT, ob Windows PowerShell gesperrt ist, oder bewahren Sie das Bild von Hand auf.',
    },
  },
  lockScreenStays: {
    reason: {
      en: 'Windows lets no program bring the lock screen back to what it was.',
      de: 'Windows lässt kein Programm den Sperrbildschirm auf den früheren Stand bringen.',
    },
    remedy: {
      en: 'Choose it yourself: Settings > Personalization > Lock screen.',
      de: 'Wählen Sie selbst: Einstellungen > Personalisierung > Sperrbildschirm.',
    },
  },
  pinsUnanswered: {
    reason: {
      en: 'Windows did not say which apps are pinned: {detail}.',
      de: 'Windows hat nicht gesagt, welche Apps angeheftet sind: {detail}.',
    },
    remedy: {
      en: 'Ask your IT whether Windows PowerShell is kept off.',
      de: 'Fragen Sie Ihre IT, ob Windows PowerShell gesperrt ist.',
    },
  },
  pinToTaskbarYourself: {
    reason: {
      en: 'Windows lets only you pin {app} to the taskbar.',
      de: 'Windows lässt nur Sie selbst {app} an die Taskleiste anheften.',
    },
    remedy: {
      en: 'Pin it yourself: open {app}, right-click its icon in the taskbar and choose "Pin to taskbar".',
      de: 'Heften Sie es selbst an: {app} öffnen, Rechtsklick auf das Symbol in der Taskleiste, „An Taskleiste anheften“.',
    },
  },
  pinToStartYourself: {
    reason: {
      en: 'Windows lets only you pin {app} to Start.',
      de: 'Windows lässt nur Sie selbst {app} an „Start“ anheften.',
    },
    remedy: {
      en: 'Pin it yourself: find {app} in Start under "All apps", right-click it and choose "Pin to Start".',
      de: 'Heften Sie es selbst an: {app} in „Start“ unter „Alle Apps“ suchen, Rechtsklick, „An „Start“ anheften“.',
    },
  },
} as const satisfies Record<string, ReasonText>;

export type ReasonCode = keyof typeof REASONS;
export type Language = keyof Text;

export interface Reason {
  readonly code: ReasonCode;
  /** What the texts' braces stand for. */
  readonly facts?: Readonly<Record<string, string>>;
  /** What the device can do about it itself, at a word of the person: installUpdates, its system's quality updates. */
  readonly remedy?: 'installUpdates';
}

/**
 * The sentence, then the remedy, with the facts filled in: a category by its title, the others as they are. A fact that
 * is missing shows as an ellipsis.
 */
export function wordsOf(reason: Reason, language: Language = 'en'): { reason: string; remedy: string } {
  const text: ReasonText = REASONS[reason.code];
  const { category } = reason.facts ?? {};
  const title = CATEGORIES.find((one) => one === category);
  const facts = title === undefined ? reason.facts : { ...reason.facts, category: CATEGORY_TITLES[title][language] };
  const filled = (words: string) => words.replace(/\{(\w+)\}/g, (_, name: string) => facts?.[name] ?? '…');
  return { reason: filled(text.reason[language]), remedy: filled(text.remedy[language]) };
}
