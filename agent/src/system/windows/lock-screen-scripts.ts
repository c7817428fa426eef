/**
 * What Windows PowerShell is told about the lock screen: the class LockScreen of the Windows Runtime, asked and told.
 *
 * Methods of the Windows Runtime are called by reflection where they are handed one of its own objects: PowerShell by
 * itself does not find which of its kinds such an object is.
 *
 * Source: Microsoft's pages of Windows.System.UserProfile.LockScreen, Windows.Storage.StorageFile,
 * System.WindowsRuntimeSystemExtensions.AsTask and System.IO.WindowsRuntimeStreamExtensions.AsStreamForRead.
 */

const TYPES = `$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$null = Add-Type -AssemblyName System.Runtime.WindowsRuntime
try { $screen = [Windows.System.UserProfile.LockScreen, Windows.System.UserProfile, ContentType = WindowsRuntime] }
catch { 'absent'; exit }
`;

/**
 * Lines: "absent" where this Windows has no such class; else "file " with the address of the picture, where it was set as
 * a file, and "copy" once what Windows shows is in the file that CARRYOVER_COPY names.
 */
export const ASK_LOCK_SCREEN = `${TYPES}
try { $address = $screen::OriginalImageFile } catch { $address = $null }
if ($address) { 'file ' + $address.AbsoluteUri }
try {
  $kind = [Windows.Storage.Streams.IInputStream, Windows.Storage.Streams, ContentType = WindowsRuntime]
  $opened = [System.IO.WindowsRuntimeStreamExtensions].GetMethod('AsStreamForRead', [Type[]]@($kind))
  $shown = $opened.Invoke($null, [object[]]@($screen::GetImageStream()))
  $copy = [System.IO.File]::Create($env:CARRYOVER_COPY)
  try { $shown.CopyTo($copy) } finally { $copy.Dispose(); $shown.Dispose() }
  'copy'
} catch { if (-not $address) { throw } }
`;

/** Makes the file that CARRYOVER_PICTURE names the picture of the person's lock screen. Lines: "absent" or "done". */
export const TELL_LOCK_SCREEN = `${TYPES}
$storage = [Windows.Storage.StorageFile, Windows.Storage, ContentType = WindowsRuntime]
$turned = [System.WindowsRuntimeSystemExtensions].GetMethods() | Where-Object {
  $_.Name -eq 'AsTask' -and $_.GetParameters().Length -eq 1
}
function Find-Way($kind) {
  $turned | Where-Object { $_.GetParameters()[0].ParameterType.Name -eq $kind } | Select-Object -First 1
}
$withFile = (Find-Way 'IAsyncOperation\`1').MakeGenericMethod([Type[]]@($storage))
$file = $withFile.Invoke($null, [object[]]@($storage::GetFileFromPathAsync($env:CARRYOVER_PICTURE))).Result
$told = (Find-Way 'IAsyncAction').Invoke($null, [object[]]@($screen::SetImageFileAsync($file)))
$told.Wait()
'done'
`;
