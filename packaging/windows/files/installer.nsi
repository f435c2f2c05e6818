; The installer for Windows. windows/installer.py writes FACTS (!defines, from common/project.py)
; and FILES (macros with each file of the program).
;
; Switches: /S silent, /AllUsers or /CurrentUser, /CLOSE closes an open program, /D=C:\folder (last,
; without quotes). The uninstaller has /S, /CLOSE and /REMOVEDATA.
; Exit codes: 0 done, 1 cancelled, 2 failed, 5 not an administrator, 32 the program is open,
; 1150 Windows is too old.

Unicode true
!include "${FACTS}"
!include "${FILES}"
Target ${STUB}
SetCompressor ${COMPRESSOR}
SetDateSave off ; two builds of one commit are the same
CRCCheck force
AllowSkipFiles off
ShowInstDetails nevershow
ShowUninstDetails nevershow

!define ERROR_FAILED 2
!define ERROR_ACCESS_DENIED 5
!define ERROR_SHARING_VIOLATION 32
!define ERROR_OLD_WIN_VERSION 1150

!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define SCHEME_KEY "Software\Classes\${URL_SCHEME}"
!define UNINSTALLER "uninstall.exe"
!define SHORTCUT "$SMPROGRAMS\${DISPLAY_NAME}.lnk"

!define MULTIUSER_EXECUTIONLEVEL Highest
!define MULTIUSER_MUI
!define MULTIUSER_USE_PROGRAMFILES64
!define MULTIUSER_INSTALLMODE_COMMANDLINE
!define MULTIUSER_INSTALLMODE_DEFAULT_CURRENTUSER
!define MULTIUSER_INSTALLMODE_INSTDIR "${DISPLAY_NAME}"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_KEY "${UNINSTALL_KEY}"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_VALUENAME "InstallLocation"
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_KEY "${UNINSTALL_KEY}"
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_VALUENAME "InstallLocation"
!define MULTIUSER_INSTALLMODE_FUNCTION KeepGivenFolder
!include MultiUser.nsh
!include MUI2.nsh
!include nsDialogs.nsh
!include x64.nsh

Name "${DISPLAY_NAME}"
OutFile "${OUT_FILE}"
BrandingText "${DISPLAY_NAME} ${VERSION}"
ManifestDPIAware true
ManifestLongPathAware true
ManifestSupportedOS Win10
!ifdef SIGN_COMMAND
  !uninstfinalize '${SIGN_COMMAND}' = 0
!endif

!include "${VERSION_STRINGS}"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_WELCOMEFINISHPAGE_BITMAP "${WIZARD_PICTURE}" ; drawn for screens of 200 %
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_FUNCTION StartProgram

!insertmacro MULTIUSER_PAGE_INSTALLMODE
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
UninstPage custom un.AskAboutData un.NoteAnswer
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

Var GivenFolder
Var MayClose
Var Upgrading
Var RemoveData
Var DataCheckBox

; --- For both programs ------------------------------------------------------------------

!macro COMMON PREFIX

; $0 = 1 while a process of any user runs one of the program's files: Windows then refuses to open
; the file for writing.
Function ${PREFIX}IsOpen
  StrCpy $0 0
  !insertmacro TRY_TO_WRITE "$INSTDIR\${PROGRAM}"
  !insertmacro TRY_TO_WRITE "$INSTDIR\${HELPER}"
FunctionEnd

; Returns when the program is closed, or ends the installer with ERROR_SHARING_VIOLATION.
Function ${PREFIX}WaitUntilClosed
  ask:
  Call ${PREFIX}IsOpen
  ${If} $0 = 0
    Return
  ${EndIf}
  ${If} ${Silent}
    ${If} $MayClose = 0
      SetErrorLevel ${ERROR_SHARING_VIOLATION}
      Quit
    ${EndIf}
  ${ElseIf} ${Cmd} `MessageBox MB_OKCANCEL|MB_ICONEXCLAMATION "${DISPLAY_NAME} is open. It will be closed to go on." IDCANCEL`
    SetErrorLevel ${ERROR_SHARING_VIOLATION}
    Quit
  ${EndIf}
  ; This closes each of its windows like a person does.
  nsExec::Exec '"$SYSDIR\taskkill.exe" /IM "${PROGRAM}"'
  Pop $1
  ${For} $2 1 80
    Call ${PREFIX}IsOpen
    ${If} $0 = 0
      Return
    ${EndIf}
    Sleep 250
  ${Next}
  StrCpy $MayClose 0 ; it was asked for in vain
  Goto ask
FunctionEnd

Function ${PREFIX}ReadSwitches
  ${${PREFIX}GetParameters} $R0
  StrCpy $MayClose 0
  ClearErrors
  ${${PREFIX}GetOptions} $R0 "/CLOSE" $R1
  ${IfNot} ${Errors}
    StrCpy $MayClose 1
  ${EndIf}
FunctionEnd

!macroend

!macro TRY_TO_WRITE FILE
  ${If} ${FileExists} "${FILE}"
    ClearErrors
    FileOpen $1 "${FILE}" a
    ${If} ${Errors}
      StrCpy $0 1
    ${Else}
      FileClose $1
    ${EndIf}
  ${EndIf}
!macroend

!insertmacro COMMON ""
!insertmacro COMMON "un."

; --- Installing -----------------------------------------------------------------------------

Function .onInit
  ${IfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastBuild} ${OLDEST_BUILD}
    MessageBox MB_OK|MB_ICONSTOP "${DISPLAY_NAME} needs 64-bit Windows 10, version 1809, or newer." /SD IDOK
    SetErrorLevel ${ERROR_OLD_WIN_VERSION}
    Quit
  ${EndIf}
  SetRegView 64
  StrCpy $GivenFolder $INSTDIR ; empty without /D
  Call ReadSwitches
  ; MultiUser would ask, also in silent mode.
  ClearErrors
  ${GetOptions} $R0 "/AllUsers" $R1
  ${IfNot} ${Errors}
    UserInfo::GetAccountType
    Pop $R1
    ${If} $R1 != "Admin"
      MessageBox MB_OK|MB_ICONSTOP "Only an administrator can install ${DISPLAY_NAME} for all users." /SD IDOK
      SetErrorLevel ${ERROR_ACCESS_DENIED}
      Quit
    ${EndIf}
  ${EndIf}
  !insertmacro MULTIUSER_INIT
FunctionEnd

; MultiUser proposes a folder each time it changes the mode.
Function KeepGivenFolder
  ${If} $GivenFolder != ""
    StrCpy $INSTDIR $GivenFolder
  ${EndIf}
FunctionEnd

Section "Program"
  Call WaitUntilClosed
  Call RemoveOlder
  ClearErrors
  !insertmacro INSTALL_FILES
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\${UNINSTALLER}"
  ${If} ${Errors}
    SetErrorLevel ${ERROR_FAILED}
    Abort "The program could not be written to $INSTDIR."
  ${EndIf}

  CreateShortcut "${SHORTCUT}" "$INSTDIR\${PROGRAM}" "" "" "" "" "" "${SUMMARY}"

  WriteRegStr SHCTX "${SCHEME_KEY}" "" "URL:${DISPLAY_NAME}"
  WriteRegStr SHCTX "${SCHEME_KEY}" "URL Protocol" ""
  WriteRegStr SHCTX "${SCHEME_KEY}\DefaultIcon" "" "$INSTDIR\${PROGRAM},0"
  ; After -- no part of an address is read as an option.
  WriteRegStr SHCTX "${SCHEME_KEY}\shell\open\command" "" '"$INSTDIR\${PROGRAM}" -- "%1"'

  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayName" "${DISPLAY_NAME}"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "VersionMajor" ${VERSION_MAJOR}
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "VersionMinor" ${VERSION_MINOR}
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "Publisher" "${AUTHORS}"
  !if "${HOMEPAGE}" != ""
    WriteRegStr SHCTX "${UNINSTALL_KEY}" "URLInfoAbout" "${HOMEPAGE}"
  !endif
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\${PROGRAM},0"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\${UNINSTALLER}" /$MultiUser.InstallMode'
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\${UNINSTALLER}" /$MultiUser.InstallMode /S'
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "EstimatedSize" ${SIZE_KIB}
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoRepair" 1
SectionEnd

; First the version that is installed in the same mode is removed, from any folder. Only its own
; uninstaller knows the files that the new version no longer has.
Function RemoveOlder
  ReadRegStr $R0 SHCTX "${UNINSTALL_KEY}" "InstallLocation"
  ${If} $R0 == ""
  ${OrIfNot} ${FileExists} "$R0\${UNINSTALLER}"
    Return
  ${EndIf}
  ; With _? it doesn't copy itself first, so this waits for its end. But it can't remove itself.
  StrCpy $R1 ""
  ${If} $MayClose = 1
    StrCpy $R1 "/CLOSE"
  ${EndIf}
  ClearErrors
  ExecWait '"$R0\${UNINSTALLER}" /S /UPGRADE $R1 /$MultiUser.InstallMode _?=$R0' $R2
  ${If} ${Errors}
  ${OrIf} $R2 <> 0
    ${If} $R2 <> ${ERROR_SHARING_VIOLATION}
      StrCpy $R2 ${ERROR_FAILED}
    ${EndIf}
    SetErrorLevel $R2
    Abort "The installed version could not be removed."
  ${EndIf}
  Delete "$R0\${UNINSTALLER}"
  RMDir "$R0"
FunctionEnd

; As the user, also if the installer runs as an administrator.
Function StartProgram
  Exec '"$WINDIR\explorer.exe" "$INSTDIR\${PROGRAM}"'
FunctionEnd

; --- Uninstalling ---------------------------------------------------------------------------

Function un.onInit
  SetRegView 64
  Call un.ReadSwitches
  StrCpy $Upgrading 0
  StrCpy $RemoveData 0
  ClearErrors
  ${un.GetOptions} $R0 "/UPGRADE" $R1
  ${IfNot} ${Errors}
    StrCpy $Upgrading 1
  ${EndIf}
  ClearErrors
  ${un.GetOptions} $R0 "/REMOVEDATA" $R1
  ${IfNot} ${Errors}
    StrCpy $RemoveData 1
  ${EndIf}
  !insertmacro MULTIUSER_UNINIT
  ; Without a switch, it finds out itself for whom the program is installed.
  ReadRegStr $R1 HKLM "${UNINSTALL_KEY}" "InstallLocation"
  ${If} $R1 == $INSTDIR
    ${If} $MultiUser.Privileges != "Admin"
      MessageBox MB_OK|MB_ICONSTOP "Only an administrator can remove ${DISPLAY_NAME} for all users." /SD IDOK
      SetErrorLevel ${ERROR_ACCESS_DENIED}
      Quit
    ${EndIf}
    Call un.MultiUser.InstallMode.AllUsers
  ${Else}
    Call un.MultiUser.InstallMode.CurrentUser
  ${EndIf}
FunctionEnd

Function un.AskAboutData
  !insertmacro MUI_HEADER_TEXT "Remove ${DISPLAY_NAME}" "Its files leave this computer; your data stays unless you say otherwise."
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateLabel} 0 0 100% 36u "The list of your portal links exists nowhere else. Links that were sent keep working until they expire, and without the list you can neither see nor revoke them here."
  Pop $0
  ${NSD_CreateCheckBox} 0 42u 100% 12u "&Also delete my portals, presets, settings, logs and saved keys"
  Pop $DataCheckBox
  GetDlgItem $0 $HWNDPARENT 1
  SendMessage $0 ${WM_SETTEXT} 0 "STR:&Remove"
  nsDialogs::Show
FunctionEnd

Function un.NoteAnswer
  ${NSD_GetState} $DataCheckBox $0
  ${If} $0 = ${BST_CHECKED}
    StrCpy $RemoveData 1
  ${EndIf}
FunctionEnd

Section "Uninstall"
  Call un.WaitUntilClosed
  ClearErrors
  !insertmacro REMOVE_FILES
  ${If} ${Errors}
    SetErrorLevel ${ERROR_FAILED}
    Abort "Some files could not be removed from $INSTDIR."
  ${EndIf}
  !insertmacro REMOVE_FOLDERS ; those that are empty now
  ${If} $Upgrading = 1
    Return ; shortcut and registry entries are written anew; taskbar pins stay
  ${EndIf}
  Delete "${SHORTCUT}"
  ReadRegStr $R0 SHCTX "${SCHEME_KEY}\shell\open\command" ""
  ${If} $R0 == '"$INSTDIR\${PROGRAM}" -- "%1"' ; another copy may have taken it over
    DeleteRegKey SHCTX "${SCHEME_KEY}"
  ${EndIf}
  DeleteRegKey SHCTX "${UNINSTALL_KEY}"
  Delete "$INSTDIR\${UNINSTALLER}"
  RMDir "$INSTDIR"
  ${If} $RemoveData = 1
    Call un.RemoveData
  ${EndIf}
SectionEnd

; Removes the data and saved keys of the user who uninstalls.
Function un.RemoveData
  SetShellVarContext current
  RMDir /r "$LOCALAPPDATA\${DATA_FOLDER}"
  System::Call 'advapi32::CredEnumerateW(w "${CREDENTIALS}", i 0, *i .r1, *p .r2) i .r0'
  ${If} $0 = 0
    Return
  ${EndIf}
  IntOp $1 $1 - 1
  ${For} $3 0 $1
    IntOp $4 $3 * ${NSIS_PTR_SIZE}
    IntPtrOp $4 $2 + $4
    System::Call '*$4(p .r5)'
    System::Call '*$5(i, i .r6, w .r7)' ; CREDENTIALW: flags, type, target name
    System::Call 'advapi32::CredDeleteW(w r7, i r6, i 0)'
  ${Next}
  System::Call 'advapi32::CredFree(p r2)'
FunctionEnd
